import type { Clock, EvidenceView, Fact, ReportView } from '../../report-templates/view.ts';
import { folderOf } from '../evidence/store.ts';
import { clockMeanings } from '../incident/clock-words.ts';
import { gapKind } from '../incident/evidence.ts';
import { clockNames } from '../incident/incident.ts';
import { entriesOf, evidenceStage, gapsOf, type ReportNumbers } from '../incident/stage.ts';
import { type Suspect, suspectParts } from '../incident/suspect.ts';
import { count, grouped } from '../shared/count.ts';
import { offset } from '../shared/time-text.ts';
import { attackerLines } from './attacker-words.ts';
import { pathOf, type ReportInput } from './input.ts';
import { askedHead, decisionFacts } from './question-words.ts';
import { attackerFacts } from './seen-calls.ts';
import type { Show } from './shown.ts';
import { timeView } from './time-view.ts';
import { breaksText, pullCommand, severityText, workload } from './words.ts';

const most = 80;

/**
 * Every stored object with its hash, and what is missing or not as it was: a gap that is not said
 * looks like nothing happened.
 */
export const evidence = ({ incident, place }: ReportInput, show: Show): EvidenceView => {
  const entries = entriesOf(incident.stages);
  const gaps = gapsOf(incident.stages);
  const stage = evidenceStage(incident.stages);
  const bytes = entries.reduce((sum, stored) => sum + stored.bytes, 0);
  const missing =
    stage?.status === 'ok'
      ? ''
      : ' The evidence stage FAILED or has not run: see what is not contained.';
  const folder = `s3://${place.bucket}/${folderOf(incident.head)}`;
  const size = `${count(entries.length, 'object')}, ${count(bytes, 'byte')}`;
  const sealing =
    'Stored before this report; sealing adds the report, the tools and the page, ' +
    'and manifest.json lists them all.';
  const pull = pullCommand(incident.head.id, place);
  return {
    sentence: `${size}, ${count(gaps.length, 'gap')}.${missing} ${sealing}`,
    folder,
    verify: `${pull} && cordon evidence verify evidence`,
    objects: entries.slice(0, most).map(({ key, sha256, bytes: length, taken, source }) => ({
      path: show(pathOf(key), 160),
      bytes: grouped(length),
      sha256: show(sha256, 64),
      taken: taken === 'before containment' ? 'before' : 'after',
      source: show(source, 60),
    })),
    gaps: gaps.slice(0, most).map((gap) => ({
      kind: gapKind(gap),
      what: show(gap.what, 200),
      why: show(gap.why, 300),
    })),
  };
};

/** Each clock, and how long after the event it was. */
export const clocks = ({ incident: { head }, place: { zone } }: ReportInput): Clock[] =>
  clockNames.flatMap((name) => {
    const at = head.clocks[name];
    if (at === null) return [];
    const { event } = head.clocks;
    const since = event === null ? '' : offset(at, event);
    return [{ name, meaning: clockMeanings[name], at: timeView(at, zone), after: since }];
  });

/** What this report cannot know. Questions without an answer are among the blind spots. */
export const limits = ({ timeline, version, incident }: ReportInput, show: Show): string[] => [
  ...(timeline.ok
    ? timeline.timeline.blindSpots.map(({ what, why }) => `${show(what, 160)}: ${show(why, 300)}`)
    : [`The timeline: ${show(timeline.why, 300)}`]),
  ...(timeline.ok && timeline.timeline.horizon
    ? [
        `Nothing is known of what happened after ${show(timeline.timeline.horizon, 30)}, ` +
          'the latest time that the logs have delivered.',
      ]
    : []),
  ...(version === 1 ? ['This is version 1: CloudTrail is some minutes late.'] : []),
  ...(incident.head.drill ? ['This was a drill: a rehearsal, not an attack.'] : []),
  'A technique is what a call maps to, not what an attacker meant.',
  'Cordon sees calls to AWS. ' +
    'It does not see what the code sent over the network or kept in memory.',
  'Secrets in this report are masked; the same mark is the same secret. ' +
    'The unmasked originals are in the locked evidence only.',
];

export const about = (input: ReportInput, show: Show): Fact[] => {
  const {
    incident: { head, findings },
    place,
  } = input;
  const breaks = breaksText(head.suspect, input.incident.actions);
  return [
    { label: 'What', text: `${show(head.finding.type, 120)}: ${show(head.finding.title, 300)}` },
    { label: 'Where', text: workload(head) },
    ...attackerLines(attackerFacts(input), show),
    {
      label: 'When',
      text: timeView(head.clocks.received ?? Date.parse(head.openedAt), place.zone).text,
    },
    {
      label: 'Severity',
      text: severityText(head).replace(/^severity /, ''),
    },
    ...(breaks ? [{ label: 'Breaks', text: breaks }] : []),
    ...decisionFacts(askedHead(head), show, { label: 'Decided', zone: place.zone }),
    {
      label: 'Finding',
      text: `${show(head.finding.id, 64)}, ${count(Math.max(1, findings.length), 'revision')}`,
    },
  ];
};

/** A function works as a session of its role, which is named after the function. */
const principals = (suspect: Suspect): string =>
  suspect.kind === 'function'
    ? `role ${suspect.roleName}, session ${suspect.functionName}`
    : suspectParts(suspect).toReversed().join(', ');

/** What AWS asks for when a case is opened. */
export const support = ({ incident: { head }, timeline }: ReportInput, show: Show): Fact[] => [
  {
    label: 'First recognised',
    text: new Date(head.clocks.received ?? head.openedAt).toISOString(),
  },
  {
    label: 'Account and region',
    text: `${show(head.finding.account, 20)}, ${show(head.finding.region, 30)}`,
  },
  {
    label: head.byHand ? 'Asked for by hand' : 'GuardDuty finding',
    text: `${show(head.finding.id, 64)} (${show(head.finding.type, 120)})`,
  },
  {
    label: 'Suspected principals',
    text: head.suspect ? principals(head.suspect) : 'not confirmed',
  },
  {
    label: 'Activity',
    text: timeline.ok
      ? [timeline.timeline.firstSeen, timeline.timeline.lastSeen]
          .map((time) => show(time ?? 'nothing seen', 30))
          .join(' to ')
      : 'unknown',
  },
];

/** The numbers that version 2 is compared by. */
export const glanceNumbers = ({ incident, timeline: read }: ReportInput): ReportNumbers => {
  const timeline = read.ok ? read.timeline : undefined;
  return {
    state: incident.head.state,
    events: timeline?.events ?? null,
    horizon: timeline?.horizon ?? null,
    objects: entriesOf(incident.stages).length,
    gaps: gapsOf(incident.stages).length,
    reached: timeline?.reached.length ?? 0,
    followed: timeline?.followed.length ?? 0,
    leftBehind: timeline?.leftBehind.length ?? 0,
    lastAllowed: timeline?.lastAllowed?.at ?? null,
    firstDenied: timeline?.firstDenied?.at ?? null,
  };
};

const numberNames = [
  'state',
  'events',
  'horizon',
  'objects',
  'gaps',
  'reached',
  'followed',
  'leftBehind',
  'lastAllowed',
  'firstDenied',
] as const satisfies readonly (keyof ReportNumbers)[];

const names: Readonly<Record<keyof ReportNumbers, string>> = {
  state: 'State',
  events: 'Calls in the timeline',
  horizon: 'CloudTrail delivered up to',
  objects: 'Evidence objects',
  gaps: 'Gaps in the evidence',
  reached: 'Resources reached',
  followed: 'Roles or users it went on to use',
  leftBehind: 'Things left behind',
  lastAllowed: 'Last allowed call',
  firstDenied: 'First denied call',
};

/** What the second version says differently. Nothing for the first. */
export const changed = (input: ReportInput, show: Show): ReportView['changed'] => {
  const { previous, version } = input;
  if (version === 1) return [];
  if (!previous) return ['Version 1 is missing, so there is nothing to compare with.'];
  const now = glanceNumbers(input);
  const word = (number: unknown) => show(String(number ?? 'nothing'), 60);
  const keys = numberNames.filter((key) => word(previous[key]) !== word(now[key]));
  return keys.length === 0
    ? ['Nothing: version 1 stands as it was.']
    : keys.map((key) => `${names[key]}: ${word(previous[key])} → ${word(now[key])}`);
};
