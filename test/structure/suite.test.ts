import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const text = (file: string): string => readFileSync(file, 'utf8');
const tests = globSync('test/**/*.ts').filter((file) => file !== 'test/structure/suite.test.ts');

it('every property takes the seed that the run has said', () => {
  const importers = tests.filter((file) => text(file).includes("from 'fast-check'"));
  expect(importers).toEqual(['test/support/property.ts']);
});

it('nothing is tried again until it passes', () => {
  const places = [...tests, 'vitest.config.ts', 'package.json', '.ci/run'];
  expect(places.filter((file) => /\bretry: ?[\d{]|--retry\b/.test(text(file)))).toEqual([]);
});
