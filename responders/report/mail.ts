import type { Fact } from '../../report-templates/view.ts';
import type { Case } from '../incident/case.ts';
import { gapKind } from '../incident/evidence.ts';
import { gapsOf, reportStage, seenIn } from '../incident/stage.ts';
import { suspectNames } from '../incident/suspect.ts';
import { printableAscii } from '../shared/printable.ts';
import { inZone } from '../shared/time-text.ts';
import { attackerLines, namedPrincipal } from './attacker-words.ts';
import type { ReportSettings } from './input.ts';
import { leftOpen } from './left-open.ts';
import { approvalLines, decisionFacts } from './question-words.ts';
import { type Show, showWith } from './shown.ts';
import {
  actionLines,
  approveCommand,
  breaksText,
  byHandLines,
  leaveCommand,
  nextStep,
  releaseCommand,
  reportCommand,
  severityText,
  severityWord,
  showCommand,
  verdictWith,
  workload,
} from './words.ts';

export const mailKinds = ['flash', 'ask', 'report1', 'report2', 'release'] as const;
export type MailKind = (typeof mailKinds)[number];

export interface Letter {
  readonly subject: string;
  readonly body: string;
}

const occasion: Readonly<Record<MailKind, string>> = {
  flash: '',
  ask: 'DECISION NEEDED ',
  report1: 'report 1 ',
  report2: 'report 2 ',
  release: 'release ',
};

/** SNS allows 100 printable ASCII characters. A tired person reads the beginning. */
export const subjectLine = (words: string): string => printableAscii(words, 99).replace('…', '~');

/** `[DRILL] Cordon report 1 HIGH contained: inc-…, orders` */
export const subjectOf = ({ head }: Case, about: string): string => {
  const { id, state, drill, suspect, attacker } = head;
  const name = suspect ? suspectNames(suspect)[0] : namedPrincipal(attacker);
  const which = name ? `${id}, ${name}` : id;
  return subjectLine(
    `${drill ? '[DRILL] ' : ''}Cordon ${about}${severityWord(head)} ${state}: ${which}`,
  );
};

const failures = ({ stages }: Case, show: Show): string[] => {
  const failed = stages.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return [];
  return [
    '',
    'These stages FAILED, and what they make is missing:',
    ...failed.map(({ name, error = '' }) => `  - ${name}: ${show(error)}`),
  ];
};

const some = (title: string, lines: readonly string[], most = 5): string[] =>
  lines.length === 0
    ? []
    : [
        '',
        title,
        ...lines.slice(0, most).map((line) => `  - ${line}`),
        ...(lines.length > most ? [`  - and ${lines.length - most} more in the report`] : []),
      ];

/**
 * What the evidence lacks, each line once: sealing repeats what the collection said. Round-robin
 * over sources, because the mail has room for a few.
 */
const lost = (incident: Case, show: Show): string[] => {
  const gaps = gapsOf(incident.stages).filter(({ always }) => !always);
  const lines = new Map(
    gaps.map((gap) => [
      `${gapKind(gap).toUpperCase()} ${show(gap.what, 120)}: ${show(gap.why, 160)}`,
      gap.collector,
    ]),
  );
  const sources = [...Map.groupBy(lines, ([, collector]) => collector).values()];
  return sources
    .flatMap((own) => own.map(([line], turn) => ({ line, turn })))
    .sort((left, right) => left.turn - right.turn)
    .map(({ line }) => line);
};

/**
 * What the report says, and where it is: a key and a console address, both of which need
 * credentials. Never a presigned link.
 */
const report = (incident: Case, kind: MailKind, place: ReportSettings, show: Show): string[] => {
  const { stages, head } = incident;
  const { bucket, region } = place;
  if (kind !== 'report1' && kind !== 'report2') return [];
  const stage = reportStage(stages, kind === 'report1' ? 1 : 2);
  if (!stage) return ['', `The report is MISSING. Look: ${showCommand(head.id, place)}`];
  const key = stage.html;
  const console = `https://${region}.console.aws.amazon.com/s3/object/${bucket}`;
  const consoleAddress = `${console}?region=${region}&prefix=${key}`;
  return [
    ...(kind === 'report2' ? some('Changed since report 1:', stage.changed) : []),
    ...some('Still open:', stage.open, 4),
    ...some('Rotate, in this order:', stage.rotate),
    ...some('The evidence is INCOMPLETE:', lost(incident, show)),
    '',
    kind === 'report1'
      ? 'This report is provisional: CloudTrail is some minutes late.'
      : 'This is the final report.',
    `Report: s3://${bucket}/${key}`,
    `In the console: ${consoleAddress}`,
  ];
};

/** What a yes does, and that a no is not for ever. */
const approval = ({ head }: Case, scope: ReportSettings, show: Show): string[] => {
  if (head.state !== 'awaiting-approval') return [];
  const lines = approvalLines(head, show);
  return [
    ...some('Approving makes these changes, and each can be taken back:', lines, 12),
    '',
    `Contain:     ${approveCommand(head.id, scope)}`,
    `Leave alone: ${leaveCommand(head.id, scope)}`,
    'You can still contain it later with --contain: after --leave, or after the time limit.',
  ];
};

const actionsDone = ({ actions }: Case, { catalog }: ReportSettings, show: Show): string[] => [
  ...some('What Cordon did:', actionLines(actions, catalog, show), 12),
  ...some('Contain by hand what failed:', byHandLines(actions, catalog, show), 12),
];

/** Known before the first report: what a failed change would have stopped, and what is left. */
const stillOpen = ({ head, actions }: Case, { catalog }: ReportSettings): string[] => {
  const failed = new Set(
    actions.filter(({ outcome }) => outcome === 'not-contained').map(({ responder }) => responder),
  );
  return some(
    'Still open:',
    [
      ...(actions.length === 0 && head.state === 'notify-only'
        ? ['Everything: nothing was changed']
        : []),
      ...catalog
        .filter(({ id }) => failed.has(id))
        .map(({ stops }) => `NOT stopped: ${stops.replace(/\..*$/s, '')}`),
      ...leftOpen(catalog, actions).map(({ what }) => what),
    ],
    8,
  );
};

/** The next step of a report comes before the general advice. */
const next = (incident: Case, kind: MailKind, place: ReportSettings): string => {
  const { head, stages, actions } = incident;
  const { id, state, drill } = head;
  const version = kind === 'report1' ? 1 : kind === 'report2' ? 2 : undefined;
  const now = version && reportStage(stages, version)?.now;
  if (state === 'contained' && !drill && now)
    return now.replace(/is clean\.$/, `is clean: ${releaseCommand(id, place)}`);
  const last = reportStage(stages, 2) ?? reportStage(stages, 1);
  if (state === 'released' && !drill && last && last.rotate.length > 0)
    return `Rotate what the report lists, if nobody has done it yet: ${reportCommand(id, place)}`;
  return nextStep(head, actions, place, 'mail');
};

/** An ask is answered at once or not at all, so the command stands in the third line. */
const stateLine = (incident: Case, kind: MailKind, place: ReportSettings, show: Show): string => {
  const { state, decision } = incident.head;
  const verdict = verdictWith(state, show(decision.reason, 400));
  return `State: ${verdict} NEXT: ${next(incident, kind, place)}`;
};

/** Facts below the first three lines, one each, with their texts in one column. */
const detailLines = (facts: readonly Fact[]): string[] =>
  facts
    .filter(({ text }) => text !== '')
    .map(({ label, text }) => `${`${label}:`.padEnd(11)}${text}`);

/**
 * What the security team reads at three in the morning: the first three lines are the whole
 * message.
 */
export const letter = (incident: Case, kind: MailKind, place: ReportSettings): Letter => {
  const { head } = incident;
  const { finding, clocks } = head;
  const show = showWith(place.mask);
  const severity = severityText(head);
  const lines = [
    `What:  ${show(finding.type, 120)} (${severity})${head.drill ? ', a DRILL' : ''}`,
    `Where: ${workload(head)}`,
    stateLine(incident, kind, place, show),
    '',
    ...detailLines([
      { label: 'Finding', text: show(finding.title, 300) },
      ...attackerLines({ attacker: head.attacker, seen: seenIn(incident.stages) }, show),
      { label: 'Breaks', text: breaksText(head.suspect, incident.actions) },
      ...decisionFacts(head, show, { label: 'Why', zone: place.zone }),
      {
        label: 'When',
        text: inZone(clocks.received ?? Date.parse(head.openedAt), place.zone),
      },
      ...(kind === 'release' && head.release
        ? [
            {
              label: 'Released',
              text:
                `${inZone(head.release.at, place.zone)} by ${show(head.release.by, 120)}: ` +
                show(head.release.reason, 400),
            },
          ]
        : []),
    ]),
    ...approval(incident, place, show),
    ...actionsDone(incident, place, show),
    ...(kind === 'flash' ? stillOpen(incident, place) : []),
    ...report(incident, kind, place, show),
    ...failures(incident, show),
    '',
    `Incident ${head.id}. GuardDuty finding ${show(finding.id, 64)}. All times UTC.`,
  ];
  if (head.state === 'suppressed') return quietLetter(incident, lines);
  return { subject: subjectOf(incident, occasion[kind]), body: cut(lines.join('\n')) };
};

/** Nothing is to be done: what, where, and why nothing was done. */
const quietLetter = ({ head }: Case, lines: readonly string[]): Letter => ({
  subject: subjectLine(
    `${head.drill ? '[DRILL] ' : ''}Cordon recorded only: ${head.id}, ${head.finding.type}`,
  ),
  body: cut(lines.slice(0, 3).join('\n')),
});

/** SNS would take 256 KB; a mail that nobody scrolls through takes 8. */
const cut = (text: string): string => {
  const most = 8_000;
  if (Buffer.byteLength(text) <= most) return `${text}\n`;
  const bytes = Buffer.from(text).subarray(0, most);
  return `${new TextDecoder().decode(bytes).replace(/\uFFFD*$/, '')}\n(cut)\n`;
};
