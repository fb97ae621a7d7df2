import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { differences } from '../engine/adapter/stock/differences.ts';

const corrections = globSync('local/engine/adapter/corrections/*.py')
  .map((file) => basename(file, '.py'))
  .filter((name) => name !== '__init__')
  .sort();

it('every correction has one test that tells when the stock engine needs it no more', () => {
  expect(corrections.length).toBeGreaterThan(0);
  expect(differences.map(({ correction }) => correction).sort()).toEqual(corrections);
});

it('no observation looks the same on the stock engine and on AWS', () => {
  const same = differences.filter(
    ({ stock, aws }) => JSON.stringify(stock) === JSON.stringify(aws),
  );
  expect(same.map(({ correction }) => correction)).toEqual([]);
});
