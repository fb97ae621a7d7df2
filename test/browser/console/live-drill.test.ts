// A drill that runs while somebody looks: every mark appears as it comes, without a reload.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { liveDrills, liveIncident, scoredDrills } from '../../../console/pages/scripted-drills.ts';
import { pageStates, script } from '../../../console/pages/states.ts';
import { openState } from '../../../tools/shots/look.ts';
import { type StatesWorld, startStates } from '../states.ts';

let world: StatesWorld;
beforeAll(async () => {
  world = await startStates(script);
});
afterAll(() => world?.stop());

const { clocks, actions, stages } = liveIncident;
const nothingYet = {
  ...{ ...liveIncident, state: 'open', actions: [], stages: [] },
  clocks: Object.fromEntries(
    Object.keys(clocks).map((name) => [name, name === 'finding' ? clocks.finding : null]),
  ),
};
const changed = {
  ...{ ...nothingYet, actions: [{ ...actions[0], outcome: 'applied', effectiveMs: null }] },
  clocks: { ...nothingYet.clocks, accepted: clocks.accepted },
};
const holds = {
  ...{ ...changed, state: 'contained', actions: [actions[0]] },
  clocks: { ...changed.clocks, effective: clocks.effective },
};
const reported = { ...holds, stages, clocks: { ...holds.clocks, report1: clocks.report1 } };
const released = {
  ...{ ...reported, state: 'released' },
  clocks: { ...reported.clocks, released: Date.now() },
};

/** Opens the page while no drill runs, and answers from then on what `world` says. */
const opened = async (answers: { drills: object; incident: object }): Promise<Page> => {
  const state = pageStates.find(({ shown }) => shown === 'drills-shown');
  if (state === undefined) throw new Error('there is no state drills-shown');
  const context = await world.browser.newContext({ reducedMotion: 'reduce' });
  const page = await openState(context, world.url, state, script);
  await page.route('**/v1/drills?limit=10', (route) => route.fulfill({ json: answers.drills }));
  await page.route('**/v1/incidents/*', (route) => route.fulfill({ json: answers.incident }));
  return page;
};

const markOf = (page: Page, label: string) =>
  page.locator('.live-run .clock-strip li').filter({ hasText: label });
const says = (page: Page, text: string) => page.locator('.live-run').getByText(text).first();

it('a run is seen from its first mark to its score', async () => {
  const answers: { drills: object; incident: object } = {
    ...{ drills: liveDrills, incident: nothingYet },
  };
  const page = await opened(answers);
  await markOf(page, 'First change').getByText('not yet').waitFor();
  await says(page, 'Containing').waitFor();
  await says(page, 'None yet.').waitFor();

  answers.incident = changed;
  await markOf(page, 'First change').locator('time').waitFor();
  await says(page, 'Accepted, not seen yet').waitFor();
  expect(await markOf(page, 'Holds').getByText('not yet').count()).toBe(1);

  answers.incident = holds;
  await says(page, 'Contained').waitFor();
  await markOf(page, 'Holds').locator('time').waitFor();

  answers.incident = reported;
  await says(page, 'Provisional timeline').waitFor();
  expect(await page.locator('[data-shown="drill-live"]').count()).toBe(1);

  answers.incident = released;
  await markOf(page, 'Released').locator('time').waitFor();

  const list = page.waitForRequest(/\/v1\/drills\?limit=50/);
  answers.drills = scoredDrills;
  await page.locator('[data-shown="drill-live-scored"]').waitFor();
  await says(page, 'containment is fast').waitFor();
  // The trend and the list of runs are read again.
  await list;
  await page.context().close();
});

it('a run that lost the connection says how old it is', async () => {
  const page = await opened({ drills: liveDrills, incident: holds });
  await says(page, 'Contained').waitFor();
  await page.route('**/v1/incidents/*', (route) => route.abort('connectionfailed'));
  await says(page, 'Not up to date').waitFor();
  await says(page, 'Contained').waitFor();
  await page.context().close();
});
