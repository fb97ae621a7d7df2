import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isRecord } from '../../../../responders/shared/json.ts';
import { makeFolder } from '../../../support/responders/evidence/folder.ts';
import { faultsOf } from '../../../support/responders/evidence/schemas.ts';

const home = mkdtempSync(join(tmpdir(), 'cordon-schemas-'));
afterAll(() => rmSync(home, { recursive: true }));

makeFolder(home, { stamped: true });
const documentAt = (path: string): Record<string, unknown> => {
  const value: unknown = JSON.parse(readFileSync(join(home, path), 'utf8'));
  if (!isRecord(value)) throw new Error(`${path} is no object`);
  return value;
};
const kinds = [
  ['manifest', 'manifest.json'],
  ['custody', 'custody/000001.json'],
  ['export', 'export.json'],
] as const;

describe.each(kinds)('the schema of %s', (kind, path) => {
  const right = documentAt(path);
  /** May be missing: there is not always a time stamp. */
  const needed = Object.keys(right).filter((name) => name !== 'timestamp');

  it('fits what the verifier accepts', () => {
    expect(faultsOf(kind, right)).toEqual([]);
  });

  it.each(needed)('misses %s', (name) => {
    const { [name]: _gone, ...rest } = right;

    expect(faultsOf(kind, rest)).toEqual([`must have required property '${name}'`]);
  });

  it.each(Object.keys(right))('knows what %s is', (name) => {
    expect(faultsOf(kind, { ...right, [name]: { not: 'this' } })).not.toEqual([]);
  });

  it('knows nothing else', () => {
    expect(faultsOf(kind, { ...right, more: 1 })).toEqual(['must NOT have additional properties']);
  });
});

it('custody has a sequence from 1 and a purpose, and no other hash than SHA-256', () => {
  const right = documentAt('custody/000001.json');

  for (const wrong of [
    { sequence: 0 },
    { purpose: '' },
    { previous: 'ab'.repeat(20) },
    { what: 'delete' },
    { at: 'yesterday' },
  ])
    expect(faultsOf('custody', { ...right, ...wrong })).toHaveLength(1);
});
