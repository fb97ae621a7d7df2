import type { DrillResult } from '../../game-day/result.ts';
import { clockMeanings } from '../../responders/incident/clock-words.ts';

/** The incident's clocks, and those of the drill itself. */
const meanings: Readonly<Record<string, string>> = {
  ...clockMeanings,
  injected: 'The finding was put on the bus',
  lastAllowed: 'The attacker’s last call that was allowed',
  firstDenied: 'The attacker’s first call that was denied',
  openAgain: 'The attacker’s calls worked again',
};

/** A result with the clocks that it has. */
type TimedResult = Omit<DrillResult, 'clocks'> & {
  readonly clocks: Readonly<Record<string, number | null>>;
};

const clockLines = ({ clocks }: Pick<TimedResult, 'clocks'>): string[] => {
  const start = clocks.injected ?? clocks.received;
  if (start === null || start === undefined) return [];
  const known = Object.entries(clocks).flatMap(([name, at]) =>
    at === null || !(name in meanings) || at < start ? [] : [{ name, after: at - start }],
  );
  const rows = known.sort((left, right) => left.after - right.after);
  return [
    '  Clocks, from the moment the finding is put on the bus:',
    ...rows.map(({ name, after }) => `  ${String(after).padStart(8)} ms  ${meanings[name]}`),
  ];
};

const scoreText = (checks: TimedResult['checks']): string => {
  const failed = checks.filter(({ passed }) => !passed);
  const [firstFailed] = failed;
  return firstFailed
    ? `${checks.length - failed.length} of ${checks.length} checks passed; ` +
        `first failed: ${firstFailed.name}`
    : `${checks.length} of ${checks.length} checks passed`;
};

/** A scored drill for people: the verdict, each check, each clock. */
export const drillLines = (result: TimedResult): string[] => {
  const { scenario, incidentId, passed, checks, restored } = result;
  const verdict = passed ? 'passed' : 'FAILED';
  const after = restored ? 'everything is as before' : 'NOT as before';
  const record = `(incident ${incidentId || 'none'}; ${after})`;
  return [
    `Drill ${scenario}: ${verdict}, ${scoreText(checks)} ${record}`,
    ...checks.map((check) => `  ${check.passed ? '✔' : '✘'} ${check.name}: ${check.detail}`),
    ...clockLines(result),
  ];
};
