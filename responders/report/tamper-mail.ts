import { count } from '../shared/count.ts';
import { printable } from '../shared/printable.ts';
import { type Letter, subjectLine } from './mail.ts';
import type { TamperCall } from './tamper-call.ts';

/** The same call by the same identity with the same result, however often. */
export interface TamperGroup {
  readonly latest: TamperCall;
  readonly since: string;
  readonly times: number;
}

const sameness = ({ identity, service, call, resource, result }: TamperCall): string =>
  JSON.stringify([identity, service, call, resource, result]);

/** What is allowed stands first, then by the time of the latest call. */
const byWeight = ({ latest: left }: TamperGroup, { latest: right }: TamperGroup): number =>
  Number(right.result === 'done') - Number(left.result === 'done') ||
  right.time.localeCompare(left.time);

export const grouped = (calls: readonly TamperCall[]): readonly TamperGroup[] =>
  [...Map.groupBy(calls, sameness).values()]
    .flatMap((same) => {
      const inOrder = same.toSorted((left, right) => left.time.localeCompare(right.time));
      const [first, latest] = [inOrder[0], inOrder.at(-1)];
      return first && latest ? [{ latest, since: first.time, times: same.length }] : [];
    })
    .sort(byWeight);

/** Names a group in the case table; the session's name and address are not part of it. */
export const groupKey = ({ latest }: TamperGroup): string => sameness(latest);

const nameOf = ({ call, service, resource }: TamperCall): string =>
  `${printable(service, 40)}:${printable(call, 80)}` +
  (resource === '' ? '' : ` on ${printable(resource, 160)}`);

const timesOf = ({ latest, since, times }: TamperGroup): string =>
  times === 1
    ? `at ${printable(latest.time, 40)}`
    : `${times} times from ${printable(since, 40)} to ${printable(latest.time, 40)}`;

const ifUnknown = 'If no person of yours did this, somebody in the account works against Cordon';

/** What the call did, and what to do about it. */
const outcomeOf = ({ latest: { result } }: TamperGroup): readonly [string, string] =>
  result === 'done'
    ? ['CHANGED', `${ifUnknown}: stop this caller, then deploy Cordon again`]
    : [
        result === 'denied' ? 'denied, nothing changed' : `failed: ${printable(result, 60)}`,
        `${ifUnknown}: find out who uses this identity`,
      ];

/**
 * Who changed Cordon, or tried to. A digest shows the subject and the line of the state, so these
 * two say it all. Of what a caller may choose, the mail shows the session's name and the name of
 * the resource, both shortened.
 */
export const tamperLetter = (group: TamperGroup, account: string): Letter => {
  const { latest } = group;
  const [outcome, next] = outcomeOf(group);
  const about = latest.result === 'done' ? 'was CHANGED' : 'was attacked in vain';
  const by = `by ${printable(latest.caller, 160)} from ${printable(latest.from, 60)}`;
  const lines = [
    `What:  a call against Cordon itself: ${nameOf(latest)}`,
    `Where: account ${account}, ${printable(latest.region, 40)}`,
    `State: ${outcome}, ${by}, ${timesOf(group)}. NEXT: ${next}.`,
    '',
    `CloudTrail has it as event ${printable(latest.eventId, 60)}.`,
    'A call that is denied is told once in ten minutes, however often it is tried again.',
  ];
  return {
    subject: subjectLine(`Cordon itself ${about}: ${nameOf(latest)}`),
    body: `${lines.join('\n')}\n`,
  };
};

/** The number of the kinds of call that are not told one by one. */
export const restLetter = (kinds: number, account: string): Letter => ({
  subject: `Cordon itself was attacked in vain: ${kinds} more kinds of call`,
  body: [
    `What:  ${count(kinds, 'more kind')} of call against Cordon itself`,
    `Where: account ${account}`,
    `State: none of them was allowed. NEXT: ${ifUnknown}: look in CloudTrail for the last hour.`,
    '',
  ].join('\n'),
});
