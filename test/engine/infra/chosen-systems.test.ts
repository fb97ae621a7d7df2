import { expect, it } from 'vitest';
import { systems } from '../../../infra/systems.ts';
import { readAssembly } from '../../../local/engine/assembly.ts';
import { completeAssembly, defaultAssembly } from './complete.ts';

const stacksIn = (assembly: string): readonly string[] =>
  readAssembly(assembly).map(({ name }) => name);

it('a start that chooses nothing synthesises no system', async () => {
  const stacks = stacksIn(await defaultAssembly());

  expect(stacks).toContain('CordonResponse');
  expect(systems.filter(({ stack }) => stacks.includes(stack))).toEqual([]);
});

it('each system that is chosen has its stack', async () => {
  const stacks = stacksIn(await completeAssembly());

  expect(systems.length).toBeGreaterThan(0);
  expect(systems.filter(({ stack }) => !stacks.includes(stack))).toEqual([]);
});
