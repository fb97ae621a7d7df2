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
    : `${checks.length} of ${checks.length} checks`;
};

const verdictLine = ({ scenario, incidentId, passed, checks, restored }: TimedResult): string => {
  const after = restored ? 'everything is as before' : 'NOT as before';
  return (
    `Drill ${scenario}: ${passed ? 'passed' : 'FAILED'}, ${scoreText(checks)} ` +
    `(incident ${incidentId || 'none'}; ${after})`
  );
};

const checkLine = ({ name, passed, detail }: DrillResult['checks'][number]): string =>
  `  ${passed ? '✔' : '✘'} ${name}: ${detail}`;

/** Two moments that a person wants to know at once. */
const headlines = ['effective', 'firstDenied'] as const;

/** The verdict with the number of checks that passed, and each check that failed. */
export const drillSummary = (result: TimedResult): string[] => {
  const { checks, clocks } = result;
  const start = clocks.injected ?? clocks.received ?? null;
  const times = headlines.flatMap((name) => {
    const at = clocks[name] ?? null;
    return at === null || start === null ? [] : [`  ${at - start} ms: ${meanings[name]}`];
  });
  return [verdictLine(result), ...checks.filter((check) => !check.passed).map(checkLine), ...times];
};

/** A scored drill for people: the verdict, each check, each clock. */
export const drillLines = (result: TimedResult): string[] => [
  verdictLine(result),
  ...result.checks.map(checkLine),
  ...clockLines(result),
];
