// Every page of the application in every state: the rules of accessibility, both widths, both schemes.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PageState } from '../../../pages-kit/states.ts';
import { pageStates, script } from '../../../protected-app/pages/states.ts';
import { faultsIn, type StatesWorld, scriptsUntil, startStates, stateCalled } from '../states.ts';

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

it.each<[string, PageState]>([
  ['the sign-in, asked for by a page', { shown: 'sign-in', path: '/products' }],
  ['the sign-in, with what it signs in with', stateCalled(script, 'sign-in-code')],
])('%s has at most 90 kB of scripts', async (_what, state) => {
  const bytes = await scriptsUntil(world, state);

  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(90_000);
});
