import type { Case } from '../core/case.ts';
import { printable } from '../core/names.ts';
import type { Responder } from '../core/responder.ts';
import { actionLines, band, inZone, nextStep, verdicts, workload } from './words.ts';

export const mailKinds = ['flash', 'ask', 'report1', 'report2', 'release'] as const;
export type MailKind = (typeof mailKinds)[number];

/** What a letter needs to know about the deployment. */
export interface Place {
  readonly zone: string;
  readonly bucket: string;
  readonly catalog: readonly Responder[];
}

export interface Letter {
  readonly subject: string;
  readonly body: string;
}

const occasion: Readonly<Record<MailKind, string>> = {
  flash: '',
  ask: 'DECISION NEEDED ',
  report1: 'report v1 ',
  report2: 'report v2 ',
  release: 'release ',
};

/** SNS allows 100 printable ASCII characters. A tired person reads the beginning. */
const subjectOf = ({ head: { id, state, drill, finding, suspect } }: Case, kind: MailKind): string => {
  const about = suspect ? `${suspect.functionName}, ${id}` : id;
  const words = `${drill ? '[DRILL] ' : ''}Cordon ${occasion[kind]}${band(finding.severity)} ${state}: ${about}`;
  return printable(words, 99).replace('…', '~');
};

const failures = ({ stages }: Case): string[] => {
  const failed = stages.filter(({ status }) => status === 'failed');
  return failed.length === 0
    ? []
    : [
        '',
        'These stages FAILED, and what they make is missing:',
        ...failed.map(({ name, error = '' }) => `  - ${name}: ${printable(error)}`),
      ];
};

const report = ({ stages }: Case, kind: MailKind, bucket: string): string[] => {
  const stage = stages.find(({ name }) => name === kind);
  if (kind !== 'report1' && kind !== 'report2') return [];
  return ['', stage ? `Report: s3://${bucket}/${String(stage.text)}` : 'The report is MISSING.'];
};

/** What the security team reads at three in the morning: the first three lines are the whole message. */
export const letter = (found: Case, kind: MailKind, { zone, bucket, catalog }: Place): Letter => {
  const { head, actions } = found;
  const { finding, decision, clocks } = head;
  const lines = [
    `What:  ${printable(finding.type, 120)} (severity ${finding.severity}, ${band(finding.severity)})${head.drill ? ', a DRILL' : ''}`,
    `Where: ${workload(head)}`,
    `State: ${verdicts[head.state]}`,
    '',
    `Next:  ${nextStep(found)}`,
    `Why:   ${printable(decision.reason, 400)}`,
    `When:  ${inZone(clocks.received ?? Date.parse(head.openedAt), zone)}`,
    ...(actions.length > 0 ? ['', 'What Cordon did:', ...actionLines(actions, catalog).map((line) => `  - ${line}`)] : []),
    ...(kind === 'release' && head.release ? ['', `Released by ${printable(head.release.by)}: ${printable(head.release.reason)}`] : []),
    ...report(found, kind, bucket),
    ...failures(found),
    '',
    `Incident ${head.id}. GuardDuty finding ${finding.id}. All times UTC.`,
  ];
  return { subject: subjectOf(found, kind), body: `${lines.join('\n').slice(0, 8_000)}\n` };
};
