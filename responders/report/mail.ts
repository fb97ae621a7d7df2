import type { Fact } from '../../report-templates/view.ts';
import { adviceOf } from '../decide/finding-advice.ts';
import type { Case } from '../incident/case.ts';
import { isOpenQuestion } from '../incident/question.ts';
import { reportStage, seenIn } from '../incident/stage.ts';
import { suspectNames, suspectsOf } from '../incident/suspect.ts';
import { printableAscii } from '../shared/printable.ts';
import { inZone } from '../shared/time-text.ts';
import { attackerLines, namedPrincipal } from './attacker-words.ts';
import { consoleLines } from './console-link.ts';
import { driftTexts } from './drift-words.ts';
import { foreignLines, lostLines } from './gap-lines.ts';
import type { ReportSettings } from './input.ts';
import { leftOpen } from './left-open.ts';
import { missingReportOccasion, missingReportStep, missingReportText } from './missing-report.ts';
import { approvalLines, askedHead, decisionFacts } from './question-words.ts';
import { earlierSessionsOf } from './session-words.ts';
import { type Show, showWith } from './shown.ts';
import { verdictWith } from './verdict-line.ts';
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
  verdicts,
  workload,
} from './words.ts';

export const mailKinds = ['flash', 'ask', 'report1', 'report2', 'release', 'hold'] as const;
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
  hold: 'containment check ',
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
    ...failed.map(({ name, error = '' }) => `  - ${show(name, 60)}: ${show(error)}`),
  ];
};

const some = (
  title: string,
  lines: readonly string[],
  { most = 5, more = 'more in the report' } = {},
): string[] =>
  lines.length === 0
    ? []
    : [
        '',
        title,
        ...lines.slice(0, most).map((line) => `  - ${line}`),
        ...(lines.length > most ? [`  - and ${lines.length - most} ${more}`] : []),
      ];

/** Sealing comes after the report, so the report does not name what only sealing found. */
const foreign = (incident: Case, kind: MailKind, place: ReportSettings, show: Show): string[] => {
  if (kind !== 'report1' && kind !== 'report2') return [];
  const more = `more: ${showCommand(incident.head.id, place)}`;
  const title = 'FOREIGN objects lie in the folder of the evidence:';
  return some(title, foreignLines(incident, show), { most: 8, more });
};

/**
 * What the report says, and where it is: a key and a console address, both of which need
 * credentials. Never a presigned link.
 */
const report = (incident: Case, kind: MailKind, place: ReportSettings, show: Show): string[] => {
  const [{ stages, head }, { bucket, region }] = [incident, place];
  if (kind !== 'report1' && kind !== 'report2') return [];
  const stage = reportStage(stages, kind === 'report1' ? 1 : 2);
  if (!stage) return ['', `The report is MISSING. Look: ${showCommand(head.id, place)}`];
  const key = stage.html;
  const console = `https://${region}.console.aws.amazon.com/s3/object/${bucket}`;
  const consoleAddress = `${console}?region=${region}&prefix=${key}`;
  return [
    ...(kind === 'report2' ? some('Changed since report 1:', stage.changed) : []),
    ...some('Still open:', stage.open, { most: 4 }),
    ...some('Rotate, in this order:', stage.rotate),
    ...some('The evidence is INCOMPLETE:', lostLines(incident, show)),
    '',
    kind === 'report1'
      ? 'This report is provisional: CloudTrail is some minutes late.'
      : 'This is the final report.',
    `Report: s3://${bucket}/${key}`,
    `In the console of AWS: ${consoleAddress}`,
  ];
};

/** What a yes does, and that a no is not for ever. */
const approval = ({ head }: Case, scope: ReportSettings, show: Show): string[] => {
  if (!isOpenQuestion(head)) return [];
  const lines = approvalLines(head, show);
  return [
    ...some('Approving makes these changes, and each can be taken back:', lines, { most: 12 }),
    '',
    `Contain:     ${approveCommand(head.id, scope)}`,
    `Leave alone: ${leaveCommand(head.id, scope)}`,
    'You can still contain it later with --contain: after --leave, or after the time limit.',
  ];
};

const actionsDone = ({ actions }: Case, { catalog }: ReportSettings, show: Show): string[] => [
  ...some('What Cordon did:', actionLines(actions, catalog, show), { most: 12 }),
  ...some('Contain by hand what failed:', byHandLines(actions, catalog, show), { most: 12 }),
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
      ...leftOpen(catalog, actions, suspectsOf(head)).map(({ what }) => what),
    ],
    { most: 8 },
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
  const first = missingReportStep(incident, kind, place);
  return `${first}${nextStep(head, actions, place, 'mail')}`;
};

/** An ask is answered at once or not at all, so the command stands in the third line. */
const stateLine = (incident: Case, kind: MailKind, place: ReportSettings, show: Show): string => {
  const { actions, head } = incident;
  const verdict = verdictWith({ state: head.state, actions }, show(head.decision.reason, 400));
  return `State: ${verdict} NEXT: ${next(incident, kind, place)}`;
};

/** Facts below the first three lines, one each, with their texts in one column. */
const detailLines = (facts: readonly Fact[]): string[] =>
  facts
    .filter(({ text }) => text !== '')
    .map(({ label, text }) => `${`${label}:`.padEnd(11)}${text}`);

/**
 * What AWS recommends for the finding type, and where it says so: for whoever decides what to do
 * next. Reports have steps of their own, and a person who asked for containment had a reason.
 */
const adviceText = ({ byHand, finding }: Case['head'], kind: MailKind): string => {
  if (byHand || (kind !== 'flash' && kind !== 'ask')) return '';
  const { advice, page } = adviceOf(finding.type);
  return `${advice} ${page}`;
};

/** What led to the incident. */
const originText = ({ byHand, finding }: Case['head'], show: Show): string =>
  byHand ? `Asked for by ${show(byHand.by, 120)}` : `GuardDuty finding ${show(finding.id, 64)}`;

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
    ...consoleLines(kind === 'ask' ? 'decide' : 'look', head.id, place),
    '',
    ...detailLines([
      { label: 'Finding', text: show(finding.title, 300) },
      ...attackerLines({ attacker: head.attacker, seen: seenIn(incident.stages) }, show),
      { label: 'Breaks', text: breaksText(head.suspect, incident.actions) },
      ...decisionFacts(askedHead(head), show, { label: 'Why', zone: place.zone }),
      {
        label: 'When',
        text: inZone(clocks.received ?? Date.parse(head.openedAt), place.zone),
      },
      { label: 'AWS says', text: adviceText(head, kind) },
      { label: 'Missing', text: missingReportText(incident, kind, show) },
      ...driftTexts(incident, show, place).map((text) => ({ label: 'Removed', text })),
      ...((kind === 'release' || kind === 'hold') && head.release
        ? [
            {
              label: 'Released',
              text:
                `${inZone(head.release.at, place.zone)} by ${show(head.release.by, 120)}: ` +
                show(head.release.reason, 400),
            },
            { label: 'Sessions', text: earlierSessionsOf(incident, place.zone) },
          ]
        : []),
    ]),
    ...approval(incident, place, show),
    ...actionsDone(incident, place, show),
    ...(kind === 'flash' ? stillOpen(incident, place) : []),
    ...foreign(incident, kind, place, show),
    ...report(incident, kind, place, show),
    ...failures(incident, show),
    '',
    `Incident ${head.id}. ${originText(head, show)}. All times UTC.`,
  ];
  if (head.state === 'suppressed') return quietLetter(incident, lines.slice(0, lines.indexOf('')));
  if (head.state === 'forged') return forgedLetter(incident, place, show);
  const about = missingReportOccasion(incident, kind) || occasion[kind];
  return { subject: subjectOf(incident, about), body: cut(lines.join('\n')) };
};

/** Nothing is to be done: the first lines say what, where, and why nothing was done. */
const quietLetter = ({ head }: Case, lines: readonly string[]): Letter => ({
  subject: subjectLine(
    `${head.drill ? '[DRILL] ' : ''}Cordon recorded only: ${head.id}, ${head.finding.type}`,
  ),
  body: cut(lines.join('\n')),
});

/** What a forged finding says comes last, because somebody wrote it to mislead. */
const forgedLetter = ({ head }: Case, place: ReportSettings, show: Show): Letter => {
  const { id, finding, execution, clocks, decision } = head;
  const lines = [
    `What:  A forged finding: ${show(decision.reason, 400)}`,
    `Where: the execution ${show(execution, 300)}`,
    `State: ${verdicts.forged} NEXT: ${nextStep(head, [], place, 'mail')}`,
    ...consoleLines('look', id, place),
    '',
    ...detailLines([
      { label: 'It claims', text: `${show(finding.type, 120)}: ${show(finding.title, 300)}` },
      { label: 'About', text: workload(head) },
      { label: 'When', text: inZone(clocks.received ?? Date.parse(head.openedAt), place.zone) },
    ]),
    '',
    `Incident ${id}. It claims the id ${show(finding.id, 64)}. All times UTC.`,
  ];
  return {
    subject: subjectLine(`Cordon FORGED finding: ${id}, ${finding.type}`),
    body: cut(lines.join('\n')),
  };
};

/** SNS would take 256 KB; a mail that nobody scrolls through takes 8. */
const cut = (text: string): string => {
  const most = 8_000;
  if (Buffer.byteLength(text) <= most) return `${text}\n`;
  const bytes = Buffer.from(text).subarray(0, most);
  return `${new TextDecoder().decode(bytes).replace(/\uFFFD*$/, '')}\n(cut)\n`;
};
