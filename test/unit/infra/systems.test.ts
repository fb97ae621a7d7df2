import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { systems } from '../../../infra/systems.ts';
import { serversFor } from '../../../local/engine/services/provide.ts';
import { stacks, systems as synthesised } from '../../support/infra/shared.ts';

const repeated = (names: readonly string[]): readonly string[] =>
  names.filter((name, index) => names.indexOf(name) !== index);

it('no two systems have the same name or stack', () => {
  expect(repeated(systems.map(({ name }) => name))).toEqual([]);
  expect(repeated(systems.map(({ stack }) => stack))).toEqual([]);
});

it('each system names the servers that its template asks for, and no others', () => {
  const asked = systems.map(({ name }) => [
    name,
    serversFor((synthesised[name] ?? []).map(({ type }) => type)),
  ]);

  expect(asked).toEqual(systems.map(({ name, needs }) => [name, needs.toSorted()]));
});

it('Cordon and the application ask for no server', () => {
  const types = Object.values(stacks).flatMap((resources) => resources.map(({ type }) => type));

  expect(types.length).toBeGreaterThan(200);
  expect(serversFor(types)).toEqual([]);
});

it('the commands find the stack of each system on AWS', () => {
  const known = readFileSync(`${import.meta.dirname}/../../../operator/place.ts`, 'utf8');

  expect(systems.filter(({ stack }) => !known.includes(`  ${stack}: '`))).toEqual([]);
});
