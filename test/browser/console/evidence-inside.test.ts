// Before, after and the list of a package: read by keyboard, and nothing of it is more than text.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pageStates, script } from '../../../console/pages/states.ts';
import { openState } from '../../../tools/shots/look.ts';
import { enterAt, typeInto } from '../keyboard.ts';
import { complaintsIn, narrowPhone, type StatesWorld, startStates } from '../states.ts';

let world: StatesWorld;
beforeAll(async () => {
  world = await startStates(script);
});
afterAll(() => world?.stop());

it('a reader says why, sees what changed, and hostile names stay text', async () => {
  const state = pageStates.find(({ shown }) => shown === 'inside-shown');
  if (state === undefined) throw new Error('console/pages/states.ts lists no inside-shown');
  const context = await narrowPhone(world);
  const complaints = complaintsIn(context);
  const before = { ...state, shown: 'inside-closed', steps: [] };
  const page = await openState(context, world.url, before, script);
  const asked: string[] = [];
  page.on('request', (request) => {
    asked.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });

  const button = page.getByRole('button', { name: /^Read \d+ objects$/ });
  await enterAt(page, button);
  await page.locator('[data-shown="inside-refused"]').waitFor();
  expect(asked).toEqual([]);

  await typeInto(page, page.getByLabel('Why do you compare it?'), 'what was changed');
  await page.keyboard.press('Enter');
  await page.locator('[data-shown="inside-shown"]').waitFor();
  expect(asked[0]).toMatch(/^POST .*\/evidence\/read$/);

  const changed = page.locator('.change-diff .is-changed');
  const texts = (await changed.allTextContents()).map((text) => text.replaceAll(/\s+/g, ' '));
  expect(texts).toEqual([
    expect.stringMatching(/Cordon’s deny policy.*not attached.*attached.*changed/),
    expect.stringMatching(/Reserved concurrency.*25.*0.*changed/),
    expect.stringMatching(/Event source 0b6d7f6d.*delivers.*off.*changed/),
    expect.stringMatching(/URL of the function.*open to everybody.*AWS credentials only.*changed/),
  ]);

  await enterAt(page, page.getByRole('button', { name: 'List the files' }));
  const files = page.getByRole('table', { name: /^Files in function\/code\.zip/ });
  await files.scrollIntoViewIfNeeded();
  await files.locator('bdi').first().waitFor();
  const names = await files.locator('bdi').allTextContents();
  expect(names).toContain('src/invoice\\u{202e}fdp.exe');
  expect(names).toContain('src/<img src=x onerror=alert(1)>.js');
  await context.grantPermissions(['clipboard-write']);
  await page.keyboard.press('y');
  await page.getByText('The command is copied.').first().waitFor();
  // The page may not read the clipboard, but a person may paste.
  const search = page.getByRole('searchbox').first();
  await search.focus();
  await page.keyboard.press('ControlOrMeta+V');
  expect(await search.inputValue()).toMatch(/^cordon evidence pull inc-/);
  expect(await page.locator('main :is(script, img, iframe, object, embed)').count()).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});
