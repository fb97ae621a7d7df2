// Sessions as they end: by the clock of a browser, or by a sign-out elsewhere. Cognito itself says
// what becomes of them.
import type { BrowserContext, Page } from 'playwright-core';
import { totpCode } from '../../local/app/totp.ts';

/** Waits for another code than the last one: an authenticator app has each of them for 30 s. */
export const nextCode = async (
  { authenticatorKey }: { readonly authenticatorKey: string },
  last: string,
): Promise<string> => {
  for (;;) {
    const code = totpCode(authenticatorKey, Date.now());
    if (code !== last) return code;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
};

/** Lets a test move the clock of a browser; it is called before the page goes to an address. */
export const withClock = (context: BrowserContext): Promise<void> => context.clock.install();

/** Longer than any access token lives, and shorter than what renews it. */
export const outliveToken = (page: Page): Promise<void> => page.clock.fastForward('30:00');

/** How Cognito answers each wish for a new token, from now on. */
export const renewalsOf = (page: Page): readonly number[] => {
  const answers: number[] = [];
  page.on('response', (response) => {
    const operation = response.request().headers()['x-amz-target'] ?? '';
    if (operation.endsWith('.GetTokensFromRefreshToken')) answers.push(response.status());
  });
  return answers;
};

/** Ends every session of the person, by the menu of the page. */
export const signOutEverywhere = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: /^Your account/ }).click();
  await page.getByRole('button', { name: 'Sign out on all devices' }).click();
  await page.locator('[data-shown="sign-in"]').first().waitFor();
};

/** Signs in again in the dialog over a page. */
export const signInOver = async (
  page: Page,
  user: { readonly password: string; readonly authenticatorKey: string },
  last: string,
): Promise<void> => {
  const dialog = page.locator('[data-shown="session-ended"]');
  await dialog.waitFor();
  await dialog.getByLabel('Password').fill(user.password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.getByLabel('Code of the app').fill(await nextCode(user, last));
  await dialog.getByRole('button', { name: 'Confirm' }).click();
};
