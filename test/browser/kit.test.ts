// The page with each component of the kit in each state: the rules of accessibility, in all looks.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pageStates, script } from '../../pages-kit/show/states.ts';
import { faultsIn, type StatesWorld, startStates } from './states.ts';

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
