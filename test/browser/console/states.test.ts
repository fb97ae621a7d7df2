// Every page of the console in every state: the rules of accessibility, both widths, both schemes.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pageStates, script } from '../../../console/pages/states.ts';
import { faultsIn, firstScripts, type StatesWorld, startStates } from '../states.ts';

let world: StatesWorld;
beforeAll(async () => {
  world = await startStates(script);
});
afterAll(() => world?.stop());

it.each(pageStates.map((state) => [state.shown, state] as const))(
  '%s has no accessibility violation and does not scroll sideways, in all its looks',
  async (_shown, state) => {
    expect(await faultsIn(world, state)).toEqual([]);
  },
);

it('what is loaded before the first page is there has at most 90 kB of scripts', async () => {
  const bytes = await firstScripts(world, '/q/inc-20261121-7f3k2m8q');

  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(90_000);
});
