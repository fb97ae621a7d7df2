// How fast drills were denied, and what they have rehearsed.
import { describe, expect, it } from 'vitest';

import './packages.ts';

import {
  type DrillRun,
  lastRunOf,
  storyOf,
  techniquesRehearsed,
  typesRehearsed,
} from '../../../console/pages/src/drills/catalogue.ts';
import { trendHeight, trendOf, trendWidth } from '../../../console/pages/src/drills/trend.ts';

type Score = NonNullable<DrillRun['score']>;

const score = (over: Partial<Score> = {}): Score => ({
  ...{ scenario: 'lambda-credential-theft', passed: true, checks: 20, failed: [] },
  ...{ restored: true, firstDeniedMs: 2_000 },
  ...over,
});

/** The run of a minute; a list of runs has the newest first. */
const run = (minute: number, scored: Score | null, type = 'Type/A'): DrillRun => ({
  ...{ id: `run-${minute}`, state: 'released', drill: true, type, severity: 8, title: 't' },
  ...{ openedAt: new Date(Date.UTC(2026, 10, 21, 3, minute)).toISOString(), score: scored },
  ...{ about: 'canary-solo', decision: 'contain', endsAt: null },
});

describe('the trend', () => {
  it('needs two runs with a score', () => {
    expect(trendOf([])).toBeUndefined();
    expect(trendOf([run(2, score()), run(1, null)])).toBeUndefined();
  });

  it('stands with the oldest first, the slowest highest, and never denied at the top', () => {
    const trend = trendOf([
      run(4, score({ firstDeniedMs: null, passed: false })),
      run(3, score({ firstDeniedMs: 4_000 })),
      run(2, null),
      run(1, score({ firstDeniedMs: 1_000 })),
    ]);
    expect(trend).toMatchObject({
      ...{ runs: 3, passed: 2, slowest: 4_000 },
      ...{ from: run(1, null).openedAt, to: run(4, null).openedAt },
    });
    const bars = trend?.bars ?? [];
    expect(bars.map(({ id }) => id)).toEqual(['run-1', 'run-3', 'run-4']);
    const heights = bars.map(({ height }) => height);
    expect(heights).toEqual([...heights].sort((left, right) => left - right));
    expect(heights[2]).toBe(trendHeight);
    expect(bars.map(({ title }) => title)).toEqual([
      'run-1: passed, first denied after 1.0 s',
      'run-3: passed, first denied after 4.0 s',
      'run-4: failed, no call was denied',
    ]);
  });

  it('shows the last 40 runs, side by side within its width', () => {
    const runs = Array.from({ length: 55 }, (_run, index) => run(55 - index, score()));
    const bars = trendOf(runs)?.bars ?? [];
    expect([bars.length, bars[0]?.id, bars.at(-1)?.id]).toEqual([40, 'run-16', 'run-55']);
    for (const [index, { x, width }] of bars.entries())
      expect(x + width).toBeLessThanOrEqual(bars[index + 1]?.x ?? trendWidth);
  });

  it('says nothing of a slowest where nothing was denied', () => {
    const never = score({ firstDeniedMs: null });
    expect(trendOf([run(2, never), run(1, never)])?.slowest).toBeNull();
  });
});

describe('what was rehearsed', () => {
  it('is the latest run with a score', () => {
    const runs = [run(3, null), run(2, score()), run(1, score())];
    expect(lastRunOf('lambda-credential-theft', runs)?.id).toBe('run-2');
    expect(typesRehearsed([run(4, null, 'Type/B'), run(3, score(), 'Type/B'), ...runs])).toEqual([
      { id: 'Type/A', name: '', run: runs[1] },
      { id: 'Type/B', name: '', run: run(3, score(), 'Type/B') },
    ]);
  });

  it('lists each technique once, with the newest run of all scenarios that use it', () => {
    const scenarios = ['lambda-credential-theft', 'shared-role-function'];
    const known = new Set(scenarios.flatMap((id) => storyOf(id).techniques.map((it) => it.id)));
    const runs = [run(2, score({ scenario: 'shared-role-function' })), run(1, score())];
    const rehearsed = techniquesRehearsed(scenarios, runs);

    expect(rehearsed.map(({ id }) => id)).toEqual(
      [...known].sort((left, right) => left.localeCompare(right)),
    );
    for (const { id, run: latest } of rehearsed) {
      const usedByBoth = storyOf('shared-role-function').techniques.some((it) => it.id === id);
      expect([id, latest?.id]).toEqual([id, usedByBoth ? 'run-2' : 'run-1']);
    }
    for (const { run: none } of techniquesRehearsed(scenarios, [])) expect(none).toBeUndefined();
  });

  it('a scenario of another deployment is called by its id', () => {
    expect(storyOf('a-new-one')).toMatchObject({ title: 'a-new-one', steps: [], techniques: [] });
    expect(techniquesRehearsed(['a-new-one'], [])).toEqual([]);
  });
});
