import { expect, it } from 'vitest';
import { scenarios } from '../../../../game-day/scenarios.ts';
import {
  checkNames,
  hasPassed,
  keptScore,
  parseScore,
  type Score,
  scenarioIds,
} from '../../../../responders/incident/score.ts';
import { perfect } from '../../../support/game-day/observations.ts';
import fc from '../../../support/property.ts';
import { evilText } from '../../../support/responders/report/samples.ts';

const score: Score = {
  ...{
    scenario: 'lambda-credential-theft',
    incidentId: 'inc-20261121-7f3k2m9q',
    checks: 14,
    failed: [],
    restored: true,
  },
  firstDeniedMs: 412,
};

it('knows every check and every scenario that there is', () => {
  const judges = scenarios.flatMap(({ checks }) => checks);
  expect(new Set(judges.map((judge) => judge(perfect()).name))).toEqual(new Set(checkNames));
  expect(scenarios.map(({ id }) => id).sort()).toEqual([...scenarioIds].sort());
});

it('reads what a drill says', () => {
  expect(parseScore(structuredClone(score))).toEqual(score);
  const failed = { ...score, failed: ['every stage ran'], restored: false, firstDeniedMs: null };
  expect(parseScore(failed)).toEqual(failed);
});

it.each([
  ['a failed check', { failed: ['every stage ran'] }],
  ['something left changed', { restored: false }],
  ['no incident', { incidentId: null }],
  ['no check', { checks: 0 }],
])('has not passed with %s', (_what, change) => {
  expect(hasPassed(parseScore(score))).toBe(true);
  expect(hasPassed(parseScore({ ...score, ...change }))).toBe(false);
});

it.each([
  ['words of his own in a check', { failed: ['call +1 555 0100'] }],
  ['words of his own as the scenario', { scenario: 'your-mailbox-is-full' }],
  ['an incident that is none', { incidentId: 'inc-20261121-7f3k2m9q\r\nBcc: x' }],
  ['a check twice', { failed: ['every stage ran', 'every stage ran'] }],
  ['more checks than there are', { checks: 10_000 }],
  ['a time that is text', { firstDeniedMs: '1 s' }],
  ['a time below nothing', { firstDeniedMs: -1 }],
])('takes nothing with %s', (_what, change) => {
  expect(() => parseScore({ ...score, ...change })).toThrow(
    /^(failed|scenario|incidentId|checks|firstDeniedMs): wanted /,
  );
});

it('lets no text of a stranger through, in whatever field it stands', () => {
  const fields = fc.constantFrom(...Object.keys(score), '__proto__', 'kind', 'subject');
  fc.assert(
    fc.property(evilText, fields, (text, field) => {
      const sent: unknown = JSON.parse(JSON.stringify({ ...score, [field]: text }));
      const taken = (() => {
        try {
          return parseScore(sent);
        } catch {
          return null;
        }
      })();
      if (taken) expect({ ...taken, restored: true }).toEqual(score);
    }),
  );
});

it('a kept score is read whatever its words are, and nothing where none was kept', () => {
  const older = { scenario: 'of-an-older-cordon', checks: 2, failed: ['a check that is gone'] };
  expect(keptScore(older)).toEqual({
    ...older,
    ...{ incidentId: null, restored: false, firstDeniedMs: null },
  });
  expect(keptScore(undefined)).toBeUndefined();
});
