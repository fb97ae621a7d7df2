import type { DrillResult } from '../../game-day/result.ts';

/** What each clock means to somebody who reads it for the first time. */
const words: Readonly<Record<string, string>> = {
  activity: 'the activity that the finding is about',
  injected: 'the finding is put on the bus',
  event: 'the event, as the bus dates it (whole seconds)',
  received: 'Cordon has it',
  accepted: 'the first containment call is accepted',
  effective: 'every change is seen to hold',
  lastAllowed: 'the thief’s last call that is allowed',
  firstDenied: 'the thief’s first call that is denied',
  flash: 'the first mail is sent',
  evidence: 'the evidence is stored',
  timeline1: 'the provisional timeline',
  report1: 'report version 1',
  timeline2: 'the timeline after CloudTrail’s delay',
  report2: 'report version 2',
  released: 'everything is taken back',
  openAgain: 'the thief’s calls work again',
};

/** A result with the clocks that it has. */
type Timed = Omit<DrillResult, 'clocks'> & {
  readonly clocks: Readonly<Record<string, number | null>>;
};

const clockLines = ({ clocks }: Pick<Timed, 'clocks'>): string[] => {
  const start = clocks.injected ?? clocks.received;
  if (start === null || start === undefined) return [];
  const known = Object.entries(clocks).flatMap(([name, at]) =>
    at === null || !(name in words) || at < start ? [] : [{ name, after: at - start }],
  );
  const rows = known.sort((one, other) => one.after - other.after);
  return [
    '  Clocks, from the moment the finding is put on the bus:',
    ...rows.map(({ name, after }) => `  ${String(after).padStart(8)} ms  ${words[name]}`),
  ];
};

/** A scored drill for people: the verdict, each check, each clock. */
export const drillLines = (result: Timed): string[] => {
  const { scenario, incidentId, passed, checks, restored } = result;
  const after = restored ? 'everything is as before' : 'NOT as before';
  return [
    `Drill ${scenario}: ${passed ? 'passed' : 'FAILED'} (incident ${incidentId || 'none'}; ${after})`,
    ...checks.map((check) => `  ${check.passed ? '✔' : '✘'} ${check.name}: ${check.detail}`),
    ...clockLines(result),
  ];
};
