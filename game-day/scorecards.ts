import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { at, isRecord } from '../responders/shared/json.ts';
import { elapsed, elapsedMs, moments } from './elapsed.ts';
import type { DrillResult } from './result.ts';

/**
 * The result of one drill, a line of a file. Milliseconds count from the event; null is a time that
 * the drill has not seen.
 */
export interface Scorecard {
  readonly at: string;
  readonly scenario: string;
  readonly incidentId: string;
  readonly passed: boolean;
  readonly restored: boolean;
  readonly failed: readonly string[];
  readonly lastAllowedMs: number | null;
  readonly firstDeniedMs: number | null;
  readonly effectiveMs: number | null;
}

export const scorecardsOf = (root: string): string => join(root, '.cordon/scorecards.jsonl');

export const scorecardOf = (
  { scenario, incidentId, passed, restored, checks, clocks }: DrillResult,
  at: Date,
): Scorecard => {
  const injected = moments.injected(clocks.injected);
  return {
    at: at.toISOString(),
    scenario,
    incidentId,
    passed,
    restored,
    failed: checks.filter((check) => !check.passed).map(({ name }) => name),
    lastAllowedMs: elapsedMs(elapsed(injected, moments.lastAllowed(clocks.lastAllowed))),
    firstDeniedMs: elapsedMs(elapsed(injected, moments.firstDenied(clocks.firstDenied))),
    effectiveMs: elapsedMs(elapsed(injected, moments.effective(clocks.effective))),
  };
};

export const keepScorecard = (file: string, card: Scorecard): void => {
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, `${JSON.stringify(card)}\n`);
};

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // cut off by a full disk or a kill; the others still count
  }
};

/** Longer than any drill. A number beyond it was made of a missing time, by an older version. */
const longest = 86_400_000;

const millis = (field: unknown): number | null =>
  typeof field === 'number' && Math.abs(field) <= longest ? field : null;

const cardOf = (line: unknown): Scorecard[] => {
  const failed = at(line, 'failed');
  if (!isRecord(line) || typeof line.scenario !== 'string') return [];
  return [
    {
      at: String(line.at),
      scenario: line.scenario,
      incidentId: String(line.incidentId),
      passed: line.passed === true,
      restored: line.restored === true,
      failed: Array.isArray(failed) ? failed.map(String) : [],
      lastAllowedMs: millis(line.lastAllowedMs),
      firstDeniedMs: millis(line.firstDeniedMs),
      effectiveMs: millis(line.effectiveMs),
    },
  ];
};

/** Every scorecard of this checkout, oldest first. */
export const readScorecards = (file: string): readonly Scorecard[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line) => cardOf(parsed(line)))
    : [];
