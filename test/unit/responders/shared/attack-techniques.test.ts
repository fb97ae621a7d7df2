import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { attackVersion, techniqueName } from '../../../../responders/shared/attack-techniques.ts';
// The ids and names of one version: MITRE ATT&CK Enterprise, the matrix of April 2026.
import attack from '../../../support/fixtures/attack.json' with { type: 'json' };

const techniques = new Map(Object.entries(attack.techniques));
const sources = globSync(
  '{responders,game-day,infra,cli,operator,report-templates}/**/*.{ts,hbs,sql}',
);
/** The ids in code: the comments tell of ids that MITRE has replaced. */
const idsIn = (file: string): readonly string[] =>
  readFileSync(file, 'utf8')
    .replaceAll(/^ *(\/\*\*|\*|\/\/).*$/gm, '')
    .match(/\bT1\d{3}(\.\d{3})?\b/g) ?? [];
const used = new Set(sources.flatMap(idsIn));

it('every technique that Cordon names exists in the version that it states, by its name', () => {
  expect(attackVersion.split('.')[0]).toBe(attack.version);
  expect(used.size).toBeGreaterThan(30);
  expect([...used].filter((id) => !techniques.has(id))).toEqual([]);
  expect([...used].filter((id) => techniqueName(id) !== techniques.get(id))).toEqual([]);
});

it('the version stands in one file', () => {
  const stating = sources.filter((file) => readFileSync(file, 'utf8').includes(attackVersion));
  expect(stating).toEqual(['responders/shared/attack-techniques.ts']);
});

it('an id that MITRE has replaced is not in the list', () => {
  expect([techniques.has('T1562.008'), techniques.has('T1685.002')]).toEqual([false, true]);
});
