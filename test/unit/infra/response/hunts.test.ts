import { describe, expect, it } from 'vitest';
import { bounded, hunts } from '../../../../infra/response/hunts.ts';
import { names } from '../../../../infra/shared/names.ts';
import { response } from '../../../support/infra/shared.ts';
import { at, ofType } from '../../../support/infra/synthesised.ts';

describe.each(hunts.map((hunt) => [hunt.name, hunt] as const))(
  'the saved query %s',
  (_name, { sql, tells, parameters }) => {
    it('reads the trail nowhere without account, region and day', () => {
      const reads = sql.split(`FROM ${names('').trailTable}\n`).slice(1);

      expect(reads.length).toBeGreaterThan(0);
      expect(reads.filter((after) => !after.trimStart().startsWith(bounded))).toEqual([]);
      // What is bounded by AND cannot be widened by an OR beside it.
      expect(
        reads.filter((after) =>
          /^\s*OR\b/m.test(after.split(/^\s*(?:GROUP|ORDER|\))/m)[0]?.split('AND (')[0] ?? ''),
        ),
      ).toEqual([]);
      expect(sql.match(/\b(FROM|JOIN)\s+"?\w+"?\./)).toBeNull();
    });

    it('says what it tells, and ends where a person can read no more', () => {
      expect(tells).toMatch(/^[A-Z].*\.$/);
      expect(`${tells} Parameters: ${parameters.join(', ')}`.length).toBeLessThan(1_024);
      expect(sql).toMatch(/\nLIMIT \d{4,5}$/);
      expect(sql).not.toMatch(/SELECT (DISTINCT )?\*/);
      expect(sql).toMatch(/^[\x20-\x7e\n]+$/);
    });
  },
);

it('all of them are in the workgroup, over the database of the trail', () => {
  const saved = ofType(response, 'AWS::Athena::NamedQuery').map(({ properties }) => properties);

  expect(saved.map((one) => at(one, 'Name')).sort()).toEqual(hunts.map(({ name }) => name));
  expect(saved.map((one) => at(one, 'QueryString')).sort()).toEqual(
    hunts.map(({ sql }) => sql).sort(),
  );
  expect(new Set(saved.map((one) => `${at(one, 'WorkGroup')}/${at(one, 'Database')}`))).toEqual(
    new Set(['cordon/cordon']),
  );
});
