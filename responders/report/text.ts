import type { Case, Stage } from '../core/case.ts';
import { clockNames } from '../core/incident.ts';
import { printable } from '../core/names.ts';
import type { Responder } from '../core/responder.ts';
import type { TimelineEvent } from '../core/timeline.ts';
import { actionLines, nextStep, utc, verdicts, workload } from './words.ts';

const section = (title: string, lines: readonly string[]): string[] => ['', title, '-'.repeat(title.length), ...lines];

const open = ({ actions }: Case, catalog: readonly Responder[]): string[] =>
  catalog
    .filter(({ id }) => actions.some(({ responder, outcome }) => responder === id && outcome === 'contained'))
    .map(({ title, leavesOpen }) => `${title}. Still open: ${leavesOpen}`);

const timelineLines = (stage: Stage | undefined): string[] => {
  if (!stage) return ['MISSING: the timeline stage failed or has not run.'];
  if (stage.status === 'skipped') return [`Skipped: ${String(stage.why)}`];
  const latest = Array.isArray(stage.latest) ? (stage.latest as readonly TimelineEvent[]) : [];
  return [
    `${String(stage.events)} events, up to ${stage.horizon ? String(stage.horizon) : 'nothing delivered yet'}${stage.complete ? '' : ', cut off at the page limit'}.`,
    `Not complete: ${String(stage.notYet)}.`,
    ...latest.map(
      ({ at, action, outcome, sourceIp }) => `${at}  ${printable(action, 60)}  ${printable(outcome, 40)}  from ${printable(sourceIp, 40)}`,
    ),
  ];
};

const evidenceLines = (stage: Stage | undefined): string[] => {
  if (!stage) return ['MISSING: the evidence stage failed or has not run.'];
  const list = (key: string): readonly Record<string, unknown>[] => (Array.isArray(stage[key]) ? stage[key] : []);
  return [
    ...list('entries').map(({ key, sha256, bytes }) => `${String(key)}  ${String(bytes)} bytes  sha256 ${String(sha256)}`),
    ...list('gaps').map(({ what, why }) => `MISSING ${printable(String(what))}: ${printable(String(why))}`),
    `Not complete: ${String(stage.notYet)}.`,
  ];
};

/** The report as plain text, in the order in which its questions are asked. */
export const reportText = (found: Case, version: 1 | 2, catalog: readonly Responder[]): string => {
  const { head, actions, stages } = found;
  const stage = (name: string) => stages.find((one) => one.name === name);
  const failed = stages.filter(({ status }) => status === 'failed');
  return [
    `Cordon incident ${head.id}, report version ${version} (${version === 1 ? 'provisional' : 'final'})`,
    '='.repeat(70),
    verdicts[head.state],
    `What:  ${printable(head.finding.type)}: ${printable(head.finding.title)}`,
    `Where: ${workload(head)}`,
    `Why:   ${printable(head.decision.reason, 400)}`,
    `Next:  ${nextStep(found)}`,
    ...section('Is it contained?', actions.length > 0 ? actionLines(actions, catalog) : ['Nothing was changed.']),
    ...section('What is not contained', [
      ...open(found, catalog),
      ...actionLines(
        actions.filter(({ outcome }) => outcome === 'not-contained'),
        catalog,
      ),
    ]),
    ...section('Timeline', timelineLines(stage(`timeline${version}`))),
    ...section('Evidence', evidenceLines(stage('evidence'))),
    ...(failed.length > 0
      ? section(
          'Stages that failed',
          failed.map(({ name, error = '' }) => `${name}: ${printable(error)}`),
        )
      : []),
    ...section(
      'Clocks (UTC)',
      clockNames.map((name) => `${name.padEnd(10)} ${utc(head.clocks[name])}`),
    ),
    ...section('Limits', ['This report is plain text; blast radius, exposure and ATT&CK mapping are not in it yet.']),
    '',
  ].join('\n');
};
