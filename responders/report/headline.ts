import { createHash } from 'node:crypto';
import { type IncidentState, incidentStates } from '../incident/incident.ts';
import { isIncidentId } from '../incident/incident-id.ts';
import type { Headline, HeadlineClass, WebhookNotice } from '../webhook/notice.ts';
import { byUrgency, isForged, isQuiet, type QueuedNotice } from './digest.ts';

const byKind: Readonly<Record<string, HeadlineClass>> = {
  ask: 'decision-needed',
  tamper: 'cordon-changed',
  heartbeat: 'heartbeat-failed',
  refused: 'refused',
  drill: 'drill-result',
};

const byState: Readonly<Record<IncidentState, HeadlineClass>> = {
  open: 'open',
  'awaiting-approval': 'decision-needed',
  contained: 'contained',
  partial: 'not-contained',
  'not-contained': 'not-contained',
  contested: 'contested',
  unanswered: 'decision-needed',
  'notify-only': 'no-action',
  suppressed: 'recorded',
  forged: 'forged',
  released: 'released',
};

/** The subject of an incident's mail names its state, as `subjectOf` writes it. */
const stateIn = (subject: string): IncidentState | undefined =>
  incidentStates.find((state) => subject.includes(` ${state}: inc-`));

const classOf = ({ kind, subject }: QueuedNotice): HeadlineClass => {
  if (isForged(subject)) return 'forged';
  if (isQuiet(subject)) return 'recorded';
  if (kind === 'check')
    return subject.startsWith('Cordon itself differs') ? 'cordon-differs' : 'configuration';
  const state = stateIn(subject);
  return byKind[kind] ?? (state ? byState[state] : 'other');
};

export const headlineOf = (notice: QueuedNotice): Headline => ({
  class: classOf(notice),
  incident: isIncidentId(notice.incident) ? notice.incident : null,
  drill: notice.subject.startsWith('[DRILL] '),
});

/** A request stays small; a receiver sees how many there are. */
const mostHeadlines = 20;

/**
 * What the webhook gets of the notices that one mail tells. The id is made from the notices: a
 * notice that is sent again, because SNS failed, has the id that it had.
 */
export const webhookNotice = (taken: readonly QueuedNotice[], now: number): WebhookNotice => {
  const sorted = [...taken].sort(byUrgency);
  const names = sorted.map(({ incident, round, kind, at }) =>
    [incident, round, kind, at].join(' '),
  );
  return {
    id: createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 32),
    at: new Date(now).toISOString(),
    count: taken.length,
    headlines: sorted.slice(0, mostHeadlines).map(headlineOf),
  };
};
