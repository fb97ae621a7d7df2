// The picture that an authenticator app scans: it holds the key, and says whose it is.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { script as incidents } from '../../console/pages/states.ts';
import type { SiteScript } from '../../pages-kit/states.ts';
import { script as shop } from '../../protected-app/pages/states.ts';
import { openState } from '../../tools/shots/look.ts';
import { scannedKey } from './scanned-key.ts';
import { narrowPhone, type StatesWorld, startStates, stateCalled } from './states.ts';

const worlds = new Map<SiteScript, StatesWorld>();
beforeAll(async () => {
  for (const script of [shop, incidents]) worlds.set(script, await startStates(script));
});
afterAll(async () => {
  for (const world of worlds.values()) await world.stop();
});

it.each([
  ['the application', shop, 'Quayside'],
  ['the console', incidents, 'Cordon'],
] as const)('%s shows the key that it spells, under its own name', async (_what, script, name) => {
  const world = worlds.get(script);
  if (world === undefined) throw new Error(`the pages of ${script.site} are not served`);
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await narrowPhone(world);
    const page = await openState(context, world.url, stateCalled(script, 'sign-in-set-up'), script);
    await page.emulateMedia({ colorScheme });

    const { key, issuer, account } = await scannedKey(page);
    await page.getByText('Enter the key by hand instead').click();
    const spelled = await page.locator('.set-up-key code').textContent();
    expect(key).toBe(spelled?.replaceAll(/\s/g, ''));
    expect([issuer, account]).toEqual([name, 'grace@example.com']);
    await context.close();
  }
});
