// A release and a verification without a mouse; the answers are those of the list of states.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { incident } from '../../../console/pages/scripted.ts';
import { soundFolder } from '../../../console/pages/scripted-verify.ts';
import { pageStates, script } from '../../../console/pages/states.ts';
import { openState } from '../../../tools/shots/look.ts';
import { enterAt, tabTo, typeInto } from '../keyboard.ts';
import { complaintsIn, narrowPhone, type StatesWorld, startStates } from '../states.ts';

let world: StatesWorld;
beforeAll(async () => {
  world = await startStates(script);
});
afterAll(() => world?.stop());

it.each(['incident-released-now', 'release-taken'])(
  'a release is asked for, and the page says what became of it: %s',
  async (shown) => {
    const listed = pageStates.find((state) => state.shown === shown);
    if (listed === undefined) throw new Error(`console/pages/states.ts lists no ${shown}`);
    const context = await narrowPhone(world);
    const complaints = complaintsIn(context);
    const before = { ...listed, shown: 'incident-shown', steps: [] };
    const page = await openState(context, world.url, before, script);

    await enterAt(page, page.getByRole('button', { name: 'Release', exact: true }));
    const dialog = page.getByRole('dialog');
    const mayLive = dialog.getByRole('checkbox');
    await tabTo(page, mayLive);
    await page.keyboard.press('Space');
    expect(await mayLive.isChecked()).toBe(true);
    await typeInto(page, dialog.getByLabel('Reason', { exact: true }), 'the workload is clean');
    await typeInto(page, dialog.getByLabel('Password'), 'Correct-horse-7-battery');
    await typeInto(page, dialog.getByLabel('Code of the app'), '123456');
    await page.keyboard.press('Enter');
    await page.locator(`[data-shown="${shown}"]`).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  },
);

it('evidence is verified by keyboard alone', async () => {
  const context = await narrowPhone(world);
  const complaints = complaintsIn(context);
  const state = {
    ...{ shown: 'incident-shown', path: `/i/${incident.id}`, as: 'responder' },
    answers: soundFolder,
  };
  const page = await openState(context, world.url, state, script);

  await page.keyboard.press('e');
  await page.locator('[data-shown="evidence-shown"]').waitFor();
  await enterAt(page, page.getByRole('button', { name: 'Verify now' }));
  const dialog = page.getByRole('dialog');
  await typeInto(page, dialog.getByLabel('Why are you verifying it?'), 'audit 4711');
  await page.keyboard.press('Enter');
  await page.locator('[data-shown="verify-sound"]').waitFor();

  const coming = page.waitForEvent('download');
  await enterAt(page, page.getByRole('button', { name: 'Save JSON' }));
  const saved: unknown = JSON.parse(readFileSync(await (await coming).path(), 'utf8'));
  expect(saved).toMatchObject({ ok: true, findings: [] });
  expect(complaints).toEqual([]);
  await context.close();
});
