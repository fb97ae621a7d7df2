import { expect, it } from 'vitest';
import { currentRun } from '../../../../console/pages/src/drills/live-run.ts';

const now = Date.parse('2026-11-30T12:00:00Z');
const run = (id: string, minutes: number, about = 'canary-solo') => ({
  ...{ id, about, openedAt: new Date(now - minutes * 60_000).toISOString() },
});
const isHeartbeat = ({ about }: { readonly about: string | null }): boolean =>
  about === 'canary-heartbeat';

it('the newest drill is current for half an hour, and a heartbeat never', () => {
  const beat = run('beat', 1, 'canary-heartbeat');
  const [young, older, old] = [run('young', 2), run('older', 29), run('old', 30)];

  expect(currentRun([beat, young, older], isHeartbeat, now)).toBe(young);
  expect(currentRun([beat, older], isHeartbeat, now)).toBe(older);
  expect(currentRun([beat, old], isHeartbeat, now)).toBeUndefined();
  expect(currentRun([], isHeartbeat, now)).toBeUndefined();
});
