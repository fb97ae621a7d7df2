// A release by keyboard alone; the answers are those of the list of states.
import { afterAll, beforeAll, expect, it } from 'vitest';
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
