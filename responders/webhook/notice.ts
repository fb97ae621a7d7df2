import { isIncidentId } from '../incident/incident-id.ts';
import { at, isRecord, listAt, textAt } from '../shared/json.ts';
import { wantedBoolean, wantedNumber, wantedText, wantedWord, wrong } from '../shared/wanted.ts';

/** What a notice says, in one word for programs and a clause for people. */
export const headlines = {
  'decision-needed': 'a decision is needed',
  open: 'containment is under way',
  contained: 'a workload is contained',
  'not-contained': 'a workload is NOT CONTAINED, or only in part',
  contested: 'a containment was removed and put back',
  'no-action': 'a finding was judged, and no action was taken',
  released: 'a containment was taken back',
  recorded: 'a finding was recorded only',
  forged: 'a finding is forged',
  refused: 'a person was not believed',
  'cordon-changed': 'somebody changed Cordon itself, or tried to',
  'cordon-differs': 'Cordon differs from what was deployed',
  configuration: 'entries of the configuration have expired',
  'heartbeat-failed': 'the heartbeat FAILED',
  'drill-result': 'a drill has ended',
  alarm: 'an alarm went off',
  other: 'there is a mail',
} as const;
export type HeadlineClass = keyof typeof headlines;

export const headlineClasses = Object.keys(headlines).filter(
  (name): name is HeadlineClass => name in headlines,
);

/** One thing that a mail tells: no text of anybody else, and nothing that decides. */
export interface Headline {
  readonly class: HeadlineClass;
  /** Null where it is about no incident. */
  readonly incident: string | null;
  readonly drill: boolean;
}

/** What waits for the webhook: the headlines of one mail, the most urgent first. */
export interface WebhookNotice {
  /** The same for each try, so that a receiver can drop a repeat. */
  readonly id: string;
  readonly at: string;
  /** How many notices the mail has; it may be more than the headlines. */
  readonly count: number;
  readonly headlines: readonly Headline[];
  /** The name of the alarm, where it is one. */
  readonly alarm?: string;
}

const wantedHeadline = (source: unknown): Headline => {
  const incident = at(source, 'incident');
  if (incident !== null && !(typeof incident === 'string' && isIncidentId(incident)))
    throw wrong('incident', 'the id of an incident, or null', incident);
  return {
    class: wantedWord(source, 'class', headlineClasses),
    incident,
    drill: wantedBoolean(source, 'drill'),
  };
};

/** CloudFormation names alarms so; whoever may make alarms could name one otherwise. */
const isAlarmName = (name: string): boolean => /^[\w-]{1,255}$/.test(name);

const alarmNotice = (event: unknown): WebhookNotice => {
  const alarm = textAt(event, 'detail.alarmName') ?? '';
  return {
    id: wantedText(event, 'id'),
    at: wantedText(event, 'time'),
    count: 1,
    headlines: [{ class: 'alarm', incident: null, drill: false }],
    ...(isAlarmName(alarm) && { alarm }),
  };
};

/**
 * Reads what waits in the queue: what Cordon's functions put there, or an event of CloudWatch,
 * which only AWS can publish.
 */
export const wantedNotice = (source: unknown): WebhookNotice => {
  if (!isRecord(source)) throw wrong('notice', 'an object', source);
  if (source.source === 'aws.cloudwatch') return alarmNotice(source);
  return {
    id: wantedText(source, 'id'),
    at: wantedText(source, 'at'),
    count: wantedNumber(source, 'count'),
    headlines: listAt(source, 'headlines').map(wantedHeadline),
  };
};
