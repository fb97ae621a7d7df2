// What people see on the engine while something goes on: a drill, or the end of their session.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runDrill } from '../../../game-day/drill.ts';
import { enterConsole, type LocalConsoleUser } from '../../../local/console/users.ts';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import { readCase } from '../../../responders/incident/read-case.ts';
import { isClosed } from '../../../responders/incident/stage.ts';
import { drillAbout } from '../../engine/console/desk.ts';
import { awaited } from '../../engine/intruder/case.ts';
import { outliveToken, renewalsOf, signInOver, signOutEverywhere, withClock } from '../sessions.ts';
import { type ConsoleWorld, phoneOf, shown, signIn, startConsoleWorld } from './world.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await startConsoleWorld();
}, 600_000);
afterAll(() => world?.stop());

/** Keeps every state of the live run that the page has shown, with the marks that had come. */
const watchRun = (page: Page): Promise<unknown> =>
  page.evaluate(`(() => {
    globalThis.seenRuns = [];
    const look = () => {
      const marks = [...document.querySelectorAll('.live-run .clock-strip li:has(time)')]
        .map((mark) => mark.querySelector('.clock-label').textContent.trim());
      if (marks.length > 0 && marks.join() !== seenRuns.at(-1)?.join()) seenRuns.push(marks);
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true });
  })()`);

it('a drill is seen from its first mark to its release, on a page that nobody reloads', async () => {
  const { desk, pages, cordon } = world;
  const { user } = await enterConsole(desk.place, 'olga', ['readers']);
  const { page, context, complaints } = await phoneOf(world);
  // A drill takes as long as it takes.
  page.setDefaultTimeout(600_000);
  await page.goto(`${pages.url}/drills`);
  await signIn(page, user);
  await page.locator('[data-shown="drills-none"], [data-shown="drills-shown"]').first().waitFor();
  await watchRun(page);

  const { engine, outputs } = cordon;
  const connection = { ...engine, account: ACCOUNT, region: REGION, outputs };
  const drill = { connection, progress: () => undefined };
  const running = runDrill('lambda-credential-theft', drill);
  const run = page.locator('.live-run');
  const markOf = (label: string) =>
    run.locator('.clock-strip li').filter({ hasText: label }).locator('time');
  const seen = (async () => {
    await shown(page, 'drill-live').waitFor();
    for (const label of ['First change', 'Holds', 'Report', 'Released'])
      await markOf(label).waitFor();
    await shown(page, 'drill-live-scored').waitFor();
  })();
  const [result] = await Promise.all([running, seen]);

  const { clocks } = (await readCase(desk.table, result.incidentId)).head;
  for (const [label, at] of [
    ['First change', clocks.accepted],
    ['Holds', clocks.effective],
    ['Report', clocks.report1],
    ['Released', clocks.released],
  ] as const)
    expect([label, Date.parse((await markOf(label).getAttribute('datetime')) ?? '')]).toEqual([
      label,
      at,
    ]);
  const failed = result.checks.filter(({ passed }) => !passed).map(({ name }) => name);
  expect(await run.locator('.drill-failed li').allTextContents()).toEqual(failed);

  const runs: readonly (readonly string[])[] = Object(await page.evaluate('seenRuns'));
  expect(runs[0]).not.toContain('Released');
  expect(runs.at(-1)).toContain('Released');
  // Marks come one after the other, and none goes away again.
  for (const [index, marks] of runs.entries())
    expect(marks).toEqual(expect.arrayContaining([...(runs[index - 1] ?? [])]));
  expect(complaints).toEqual([]);
  await context.close();
}, 900_000);

describe('a form about evidence', () => {
  let id: string;
  let user: LocalConsoleUser;
  let last = '';
  beforeAll(async () => {
    const { desk } = world;
    ({ id } = await drillAbout(desk, 'pages-evidence'));
    await awaited(desk, id, 'closed', ({ stages }) => isClosed(stages));
    ({ user } = await enterConsole(desk.place, 'vera', ['responders']));
  }, 600_000);

  const purpose = 'what the drill has changed';
  const field = (page: Page) => page.getByLabel('Why do you compare it?');
  const send = (page: Page) => page.getByRole('button', { name: /^Read \d+ objects$/ }).click();
  /** A browser with the form filled in, whose token is over before it is sent. */
  const filledIn = async () => {
    const phone = await phoneOf(world);
    await withClock(phone.context);
    const { page } = phone;
    await page.goto(`${world.pages.url}/i/${id}/evidence`);
    last = await signIn(page, user, last);
    await shown(page, 'inside-closed').waitFor();
    await field(page).fill(purpose);
    return { ...phone, renewals: renewalsOf(page) };
  };

  it('is sent with a new token when the old one has expired, and nobody notices', async () => {
    const { page, context, complaints, renewals } = await filledIn();
    await outliveToken(page);
    await send(page);
    await shown(page, 'inside-shown').waitFor();
    expect(renewals).toEqual([200]);
    expect(await page.locator('[data-shown="session-ended"]').count()).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('waits for a sign-in after a sign-out elsewhere, and goes on then', async () => {
    const { page, context, complaints, renewals } = await filledIn();
    const elsewhere = await phoneOf(world);
    await elsewhere.page.goto(`${world.pages.url}/now`);
    last = await signIn(elsewhere.page, user, last);
    await elsewhere.page.waitForURL('**/now');
    await signOutEverywhere(elsewhere.page);
    expect(elsewhere.page.url()).not.toContain('left=here');
    expect(await elsewhere.page.evaluate('JSON.stringify(sessionStorage)')).not.toMatch(/eyJ/);
    await elsewhere.context.close();

    await outliveToken(page);
    await send(page);
    await shown(page, 'session-ended').waitFor();
    expect(renewals).toEqual([400]);
    expect(await field(page).inputValue()).toBe(purpose);
    await signInOver(page, user, last);
    await shown(page, 'inside-shown').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
