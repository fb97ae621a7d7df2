import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { judged } from '../../../game-day/drill.ts';
import {
  keepScorecard,
  readScorecards,
  scorecardOf,
  scorecardsOf,
} from '../../../game-day/scorecards.ts';
import { perfect } from '../../support/game-day/observations.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cordon-cards-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const card = (stoppedBy: string | null) => {
  const check = () => ({
    name: 'every stage ran' as const,
    passed: stoppedBy === null,
    detail: 'd',
  });
  return scorecardOf(
    judged({ id: 'a-drill', checks: [check] }, { ...perfect(), stoppedBy }, 'inc-1'),
    new Date('2026-11-21T10:00:00Z'),
  );
};

it('keeps every drill, the failed ones with what failed, in milliseconds since the event', () => {
  const file = scorecardsOf(root);
  for (const stoppedBy of [null, 'x']) keepScorecard(file, card(stoppedBy));

  const [passed, failed] = readScorecards(file);

  expect(passed).toEqual({
    ...{
      at: '2026-11-21T10:00:00.000Z',
      scenario: 'a-drill',
      incidentId: 'inc-1',
      passed: true,
      restored: true,
      failed: [],
    },
    ...{ lastAllowedMs: 250, firstDeniedMs: 500, effectiveMs: 400 },
  });
  expect(failed).toMatchObject({ passed: false, failed: ['every stage ran'] });
});

it('goes on after a line that was cut off', () => {
  const file = scorecardsOf(root);
  keepScorecard(file, card(null));
  appendFileSync(file, '{"at":"20\n');
  keepScorecard(file, card(null));

  expect(readScorecards(file)).toHaveLength(2);
  expect(readScorecards(join(root, 'none'))).toEqual([]);
});

it('reads a number that an older version made of a missing time as missing', () => {
  const file = scorecardsOf(root);
  keepScorecard(file, { ...card(null), firstDeniedMs: -1_795_924_595_236 });

  expect(readScorecards(file)).toMatchObject([{ firstDeniedMs: null, effectiveMs: 400 }]);
});
