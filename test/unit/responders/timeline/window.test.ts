import { describe, expect, it } from 'vitest';
import type { Case } from '../../../../responders/incident/case.ts';
import { windowOf } from '../../../../responders/timeline/window.ts';
import { everyCase } from '../../../support/game-day/case.ts';

const opened = Date.parse('2026-11-21T10:00:00Z');
const now = opened + 60_000;

const incident = (drill: boolean, firstSeen: string | null): Case => {
  const known = everyCase();
  const detail = { service: firstSeen === null ? {} : { eventFirstSeen: firstSeen } };
  return {
    ...known,
    head: {
      ...known.head,
      drill,
      openedAt: new Date(opened).toISOString(),
      clocks: { ...known.head.clocks, activity: null },
    },
    findings: [{ updatedAt: opened, raw: JSON.stringify({ detail }) }],
  };
};

describe('a timeline looks', () => {
  it.each([
    ['a real incident', false, '2026-11-21T09:58:30.900Z', '2026-11-20T09:58:30Z'],
    ['a drill', true, '2026-11-21T09:58:30.900Z', '2026-11-21T09:58:30Z'],
    ['a real incident without a first sign', false, null, '2026-11-20T10:00:00Z'],
    ['a drill without a first sign', true, null, '2026-11-20T10:00:00Z'],
    ['a drill of tomorrow', true, '2026-11-22T10:00:00Z', '2026-11-20T10:00:00Z'],
    ['a real incident of last summer', false, '2026-07-01T00:00:00Z', '2026-10-22T10:01:00Z'],
  ])('back from %s (drill: %s), first seen %s, to %s', (_name, drill, firstSeen, from) => {
    expect(windowOf(incident(drill, firstSeen), now)).toEqual({
      from,
      to: '2026-11-21T10:01:00Z',
    });
  });
});
