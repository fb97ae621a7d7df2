import { consoleAddress } from '../incident/console-address.ts';
import { count } from '../shared/count.ts';
import { type Headline, headlines, type WebhookNotice } from './notice.ts';

/** Where a person reads on. */
export interface WebhookScope {
  readonly account: string;
  readonly region: string;
  /** The address of somebody else's console, without a slash at the end; empty for none. */
  readonly otherConsole: string;
  /** The origin of Cordon's console; empty where none is configured. */
  readonly console: string;
  /** False for a local run, whose commands need no `--aws`. */
  readonly aws: boolean;
}

const textOf = ({ class: kind, incident, drill }: Headline, alarm: string | undefined): string =>
  [
    `${drill ? '[DRILL] ' : ''}Cordon: ${headlines[kind]}`,
    ...(incident === null ? [] : [`(${incident})`]),
    ...(alarm === undefined ? [] : [`(${alarm})`]),
  ].join(' ');

/** To look, and never to decide: a decision needs a person with rights of their own. */
const linkOf = (incident: string | null, scope: WebhookScope): string => {
  const { otherConsole, console, aws } = scope;
  if (otherConsole !== '')
    return incident === null ? otherConsole : `${otherConsole}/incidents/${incident}`;
  if (console !== '') return (incident && consoleAddress('look', incident, scope)) ?? console;
  const command = incident === null ? 'cordon status' : `cordon show ${incident}`;
  return aws ? `${command} --aws` : command;
};

/**
 * The body of a request to the webhook. Every word of it is Cordon's, so nothing in it can mislead
 * who reads it in a chat, or notify everybody there. `text` is what chats show.
 */
export const bodyOf = (notice: WebhookNotice, scope: WebhookScope): string => {
  const { id, at, headlines: told, alarm } = notice;
  const first: Headline = told[0] ?? { class: 'other', incident: null, drill: false };
  const others = notice.count - 1;
  const link = linkOf(first.incident, scope);
  return JSON.stringify({
    version: 1,
    id,
    at,
    account: scope.account,
    region: scope.region,
    class: first.class,
    incident: first.incident,
    drill: first.drill,
    ...(alarm !== undefined && { alarm }),
    count: notice.count,
    headlines: told,
    link,
    text: [
      textOf(first, alarm),
      ...(others > 0 ? [`and ${count(others, 'more notice')}`] : []),
      `- ${link}`,
    ].join(' '),
  });
};
