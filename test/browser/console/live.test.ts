// How old a page may be: its looks are counted by a clock that only the test moves.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { incident, listed, needed, nothingNeeded } from '../../../console/pages/scripted.ts';
import { liveDrills, liveIncident } from '../../../console/pages/scripted-drills.ts';
import { script } from '../../../console/pages/states.ts';
import { asks } from '../../../console/pages/states-question.ts';
import type { PageState } from '../../../pages-kit/states.ts';
import { openState } from '../../../tools/shots/look.ts';
import { narrowPhone, type StatesWorld, startStates, stateCalled } from '../states.ts';

let world: StatesWorld;
beforeAll(async () => {
  world = await startStates(script);
});
afterAll(() => world?.stop());

/** A change in the case table is on a page after this. */
const mostMs = 3_000;

interface LivePage {
  readonly state: PageState;
  /** What the page asks again and again. */
  readonly asks: string;
  /** What is so from now on. */
  readonly changed: object;
  /** What the page says then, and did not before. */
  readonly says: string;
}

const closed = Object(asks({ open: false, state: 'contained', timeLimit: null, answers: [] }));

const livePages: readonly (readonly [string, LivePage])[] = [
  [
    'what needs a person now',
    {
      state: stateCalled(script, 'now-empty'),
      asks: '**/v1/now',
      changed: { ...nothingNeeded, decide: needed(listed) },
      says: '1 incident needs a person.',
    },
  ],
  [
    'a question',
    {
      state: stateCalled(script, 'question-open'),
      asks: '**/v1/incidents/*/question',
      changed: closed['GET /incidents/{id}/question'].body,
      says: 'This question is closed',
    },
  ],
  [
    'an incident',
    {
      state: stateCalled(script, 'incident-shown'),
      asks: '**/v1/incidents/inc-*',
      changed: { ...incident, state: 'released' },
      says: 'Released',
    },
  ],
  [
    'a drill that goes on',
    {
      state: stateCalled(script, 'drill-live'),
      asks: '**/v1/incidents/inc-*',
      changed: { ...liveIncident, state: 'partial' },
      says: 'Contained in part',
    },
  ],
  [
    'a drill that begins',
    {
      state: stateCalled(script, 'drills-shown'),
      asks: '**/v1/drills?limit=10',
      changed: liveDrills,
      says: 'Live run',
    },
  ],
];

const textOf = (page: Page): Promise<string | null> => page.locator('main').textContent();

/** What a screen reader is told: each text of a live region that has changed. */
const listen = (page: Page): Promise<unknown> =>
  page.evaluate(`(() => {
    globalThis.heard = [];
    const regions = 'main :is([aria-live], [role="status"], [role="alert"])';
    const regionOf = ({ target }) => (target.closest ? target : target.parentElement)?.closest(regions);
    new MutationObserver((changes) => {
      for (const region of new Set(changes.map(regionOf)))
        if (region) heard.push(region.textContent.replaceAll(/\\s+/g, ' ').trim());
    }).observe(document, { subtree: true, childList: true, characterData: true });
  })()`);

/** The page in its state, in a browser whose clock only the test moves. */
const still = async ({ state, asks: path }: LivePage) => {
  const context = await narrowPhone(world);
  await context.clock.install({ time: Date.now() });
  await context.clock.pauseAt(Date.now() + 1_000);
  const page = await openState(context, world.url, state, script);
  let looks = 0;
  const changeTo = (body: object) =>
    page.route(path, (route) => {
      looks += 1;
      return route.fulfill({ json: body, headers: { ETag: '"new"' } });
    });
  return { page, context, changeTo, looks: () => looks };
};

const hide = (page: Page, isHidden: boolean): Promise<unknown> =>
  page.evaluate(`(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${isHidden} });
    document.dispatchEvent(new Event('visibilitychange'));
  })()`);

it.each(livePages)('%s is at most three seconds behind, and is heard once', async (_what, live) => {
  const { page, context, changeTo, looks } = await still(live);
  expect(await textOf(page)).not.toContain(live.says);
  await listen(page);
  await changeTo(live.changed);

  await context.clock.runFor(mostMs);
  await page.locator('main').getByText(live.says).first().waitFor();
  expect(looks()).toBe(1);
  const heard: readonly string[] = Object(await page.evaluate('heard'));
  expect(heard.length).toBeGreaterThan(0);
  expect(new Set(heard).size).toBe(heard.length);
  await context.close();
});

it.each(livePages)('%s is not asked for while nobody sees it', async (_what, live) => {
  const { page, context, changeTo, looks } = await still(live);
  await changeTo(live.changed);
  await hide(page, true);
  await context.clock.runFor(60_000);
  expect(looks()).toBe(0);

  await hide(page, false);
  await page.locator('main').getByText(live.says).first().waitFor();
  expect(looks()).toBe(1);
  await context.close();
});
