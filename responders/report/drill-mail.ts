import type { Case } from '../incident/case.ts';
import { type CheckName, hasPassed, type Score } from '../incident/score.ts';
import { count } from '../shared/count.ts';
import { duration, inZone } from '../shared/time-text.ts';
import { consoleLines } from './console-link.ts';
import type { ReportSettings } from './input.ts';
import { type Letter, subjectLine } from './mail.ts';
import { type CommandScope, releaseCommand, showCommand, workload } from './words.ts';

const containmentChecks: readonly CheckName[] = [
  'Cordon says that it is contained',
  'the stolen session is denied',
];

/**
 * Both must agree: Cordon's own clock in the incident, and what the drill saw of its stolen
 * session.
 */
const contained = (incident: Case, score: Score): string => {
  const { effective, received } = incident.head.clocks;
  if (effective === null || received === null) return 'NOT CONTAINED: no change was seen to hold';
  if (containmentChecks.some((name) => score.failed.includes(name)))
    return 'NOT CONTAINED: Cordon made its changes, and the stolen session went on';
  const denied =
    score.firstDeniedMs === null
      ? ''
      : `; first denied call ${duration(score.firstDeniedMs)} after the finding`;
  return `It was contained ${duration(effective - received)} after Cordon had the finding${denied}`;
};

const after = ({ head }: Case, { restored }: Score): string =>
  restored
    ? 'Everything is as it was before'
    : head.state === 'released'
      ? 'Released, but NOT everything is as before'
      : 'NOT released';

const next = (id: string, score: Score, scope: CommandScope): string => {
  if (hasPassed(score)) return 'Nothing to do.';
  return score.restored
    ? `Find out why: ${showCommand(id, scope)}`
    : `Put it back: ${releaseCommand(id, scope)}, then ${showCommand(id, scope)}`;
};

const failures = ({ failed }: Score): string[] =>
  failed.length === 0 ? [] : ['', 'These checks FAILED:', ...failed.map((name) => `  - ${name}`)];

const resultText = (score: Score): string => {
  const passed = score.checks - score.failed.length;
  const checks = count(score.checks, 'check');
  if (hasPassed(score)) return `drill ${score.scenario} PASSED, ${passed} of ${checks}, a DRILL`;
  const [firstFailed] = score.failed;
  const failure = firstFailed ? `; first failed: ${firstFailed}` : '';
  return `drill ${score.scenario} FAILED, ${passed} of ${checks} passed, a DRILL${failure}`;
};

/** How a rehearsed incident went. */
export const drillLetter = (
  incident: Case,
  score: Score,
  place: Pick<ReportSettings, 'zone' | 'aws' | 'console'>,
): Letter => {
  const { head } = incident;
  const result = hasPassed(score) ? 'passed' : 'FAILED';
  const state = `${contained(incident, score)}. ${after(incident, score)}.`;
  const lines = [
    `What:  ${resultText(score)}`,
    `Where: ${workload(head)}`,
    `State: ${state} NEXT: ${next(head.id, score, place)}`,
    ...consoleLines('look', head.id, place),
    '',
    `When:  ${inZone(head.clocks.received ?? Date.parse(head.openedAt), place.zone)}`,
    ...failures(score),
    '',
    'The drill measured this itself; what Cordon saw is in the incident and its report.',
    `Every drill: cordon drill history. Incident ${head.id}.`,
  ];
  return {
    subject: subjectLine(`[DRILL] Cordon drill ${result}: ${head.id}, ${score.scenario}`),
    body: `${lines.join('\n')}\n`,
  };
};

/**
 * For a drill whose finding was put on the bus and became no incident. Without an incident no other
 * mail reports it.
 */
export const lostLetter = (score: Score): Letter => {
  const lines = [
    `What:  NO INCIDENT came of the finding; ${resultText(score)}`,
    'Where: nothing was touched; what is broken lies between the drill bus and the containment',
    'State: NOT CONTAINED: Cordon did not answer. ' +
      'NEXT: read the executions of the incident machine and the queue RuleDeadLetters',
    ...failures(score),
    '',
    'A real finding may be lost in the same way. The drill measured this itself.',
  ];
  return {
    subject: `[DRILL] Cordon drill FAILED: no incident, ${score.scenario}`,
    body: `${lines.join('\n')}\n`,
  };
};
