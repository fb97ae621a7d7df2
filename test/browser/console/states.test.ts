// Every page of the console in every state: the rules of accessibility, both widths, both schemes.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { incidentId } from '../../../console/pages/scripted.ts';
import { pageStates, script } from '../../../console/pages/states.ts';
import type { PageState } from '../../../pages-kit/states.ts';
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
  ['the sign-in, asked for by a question', { shown: 'sign-in', path: `/q/${incidentId}` }],
  ['the sign-in, with what it signs in with', stateCalled(script, 'sign-in-code')],
  ['a question with its dialog', stateCalled(script, 'question-containing')],
])('%s has at most 90 kB of scripts', async (_what, state) => {
  const bytes = await scriptsUntil(world, state);

  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(90_000);
});
