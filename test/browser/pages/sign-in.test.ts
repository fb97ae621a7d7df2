// From the invitation to the sign-out, and what a session leaves behind.
import {
  AdminCreateUserCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { totpCode } from '../../../local/app/totp.ts';
import { rawMails } from '../../support/engine/inbox.ts';
import {
  nextCode,
  outliveToken,
  renewalsOf,
  signInOver,
  signOutEverywhere,
  withClock,
} from '../sessions.ts';
import { enter, type PagesWorld, shown, startPagesWorld, visit } from './world.ts';

let world: PagesWorld;
beforeAll(async () => {
  world = await startPagesWorld();
});
afterAll(() => world?.stop());

const email = 'grace@example.com';
const password = 'Correct-horse-7-battery';
let authenticatorKey = '';

const invite = async (): Promise<string> => {
  const cognito = new CognitoIdentityProviderClient(await world.place.config('operator'));
  await cognito.send(
    new AdminCreateUserCommand({
      ...{ UserPoolId: world.output('UserPoolId'), Username: email },
      DesiredDeliveryMediums: ['EMAIL'],
      UserAttributes: [
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'true' },
      ],
    }),
  );
  return mailed(/temporary password is (\S+)\.\s*$/);
};

/** What the pattern matches in the newest mail to this person. */
const mailed = (pattern: RegExp): string => {
  const mails = rawMails(world.engine.runDir, 'users-inbox').filter((mail) =>
    mail.includes(`To: ${email}`),
  );
  return pattern.exec(mails.at(-1)?.split('\r\n\r\n')[1] ?? '')?.[1] ?? '';
};

const violations = async (page: Page): Promise<readonly string[]> =>
  (await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id);

const code = (): string => totpCode(authenticatorKey, Date.now());

it('an invited person chooses a password, sets a second factor up, and is in', async () => {
  const { page, complaints, context } = await visit(world, '/products');
  await shown(page, 'sign-in').waitFor();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(await invite());
  await page.getByRole('button', { name: 'Sign in' }).click();

  await shown(page, 'sign-in-new-password').waitFor();
  expect(await violations(page)).toEqual([]);
  for (const typed of ['too-weak', password]) {
    await page.getByLabel('New password').fill(typed);
    await page.getByLabel('Repeat the password').fill(typed);
    await page.getByRole('button', { name: 'Save password' }).click();
    await shown(page, typed === password ? 'sign-in-set-up' : 'sign-in-refused').waitFor();
  }
  expect(await violations(page)).toEqual([]);
  await page.getByText('Enter the key by hand instead').click();
  authenticatorKey = ((await page.locator('.set-up-key code').textContent()) ?? '').replaceAll(
    ' ',
    '',
  );
  await page.getByLabel('Code of the app').fill(code());
  await page.getByRole('button', { name: 'Confirm' }).click();

  await shown(page, 'products-list').waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

it('a wrong password and a wrong code are refused in a sentence, the right ones work', async () => {
  const { page, context } = await visit(world, '/customers?q=a');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill('Wrong-horse-7-battery');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await shown(page, 'sign-in-refused').waitFor();
  expect(await shown(page, 'sign-in-refused').textContent()).toContain('do not match');
  expect(await violations(page)).toEqual([]);

  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await shown(page, 'sign-in-code').waitFor();
  await page.getByLabel('Code of the app').fill('000000');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await shown(page, 'sign-in-refused').waitFor();
  await page.getByLabel('Code of the app').fill(code());
  await page.getByRole('button', { name: 'Confirm' }).click();

  await page.waitForURL('**/customers?q=a');
  await context.close();
});

it('a forgotten password is chosen anew with the code of a mail', async () => {
  const { page, context, complaints } = await visit(world, '/sign-in');
  await page.getByRole('link', { name: 'Forgot password?' }).click();
  await shown(page, 'forgotten').waitFor();
  await page.getByRole('button', { name: 'Send the code' }).click();
  await page.getByText('Type your e-mail address first.').waitFor();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: 'Send the code' }).click();
  await shown(page, 'forgotten-code').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByLabel('Code of the mail').fill(mailed(/\b(\d{6})\b/));
  await page.getByLabel('New password').fill(password);
  await page.getByRole('button', { name: 'Save password' }).click();
  await shown(page, 'sign-in').waitFor();

  expect(complaints).toEqual([]);
  await context.close();
});

it('nothing outlives the tab, and a sign-out leaves nothing in it', async () => {
  const { page, context, complaints } = await visit(world, '/ask');
  await enter(page, { email, password, authenticatorKey });
  await shown(page, 'asked-empty').waitFor();
  expect(await page.evaluate('localStorage.length')).toBe(0);
  expect(await context.cookies()).toEqual([]);

  await page.reload();
  await shown(page, 'asked-empty').waitFor();
  await page.getByRole('button', { name: /^Your account/ }).click();
  await page.getByRole('button', { name: 'Sign out on all devices' }).click();
  await shown(page, 'sign-in').waitFor();
  expect(await page.evaluate('JSON.stringify(sessionStorage)')).not.toMatch(/eyJ/);
  await page.goto(`${world.app.pages}/ask`);
  await shown(page, 'sign-in').waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

it('a session that ends in a form is renewed over it, and nothing typed is lost', async () => {
  const user = world.userNamed('standard');
  const { page, context, complaints } = await visit(world, '/products/new');
  await enter(page, user);
  await shown(page, 'new-product').waitFor();
  const fields = { Name: 'Kept through it all', SKU: 'KEPT-1', Category: 'Tests', Price: '3.50' };
  for (const [label, text] of Object.entries(fields))
    await page.getByLabel(label, { exact: true }).fill(text);
  // The API takes the token no more, and Cognito renews it no more.
  await page.route('**/v1/products', (route) => route.fulfill({ status: 401, body: '{}' }), {
    times: 2,
  });
  await page.route('**/cognito/', (route) =>
    route.request().headers()['x-amz-target']?.includes('Refresh')
      ? route.fulfill({
          status: 400,
          headers: { 'content-type': 'application/x-amz-json-1.1' },
          body: JSON.stringify({
            __type: 'NotAuthorizedException',
            message: 'Refresh Token has expired',
          }),
        })
      : route.continue(),
  );
  await page.getByRole('button', { name: 'Save product' }).click();
  await shown(page, 'session-ended').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.unroute('**/cognito/');
  await page.unroute('**/v1/products');

  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Password').fill(user.password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.getByLabel('Code of the app').fill(totpCode(user.authenticatorKey, Date.now()));
  await dialog.getByRole('button', { name: 'Confirm' }).click();

  await shown(page, 'product-shown').waitFor();
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Kept through it all');
  expect(complaints).toEqual([]);
  await context.close();
});

describe('a form whose token is over before it is sent', () => {
  const fields = {
    Name: 'Sent later',
    SKU: 'LATER-1',
    Category: 'Tests',
    Price: '3.50',
    Stock: '7',
  };
  let last = '';
  /** Signs in with another code than before, which Cognito may have taken already. */
  const enterAnew = async (page: Page): Promise<void> => {
    const user = world.userNamed('standard');
    last = await nextCode(user, last);
    await enter(page, user);
  };
  const filledIn = async (sku: string) => {
    const visitor = await visit(world, '/products/new', 1_280, withClock);
    const { page } = visitor;
    await enterAnew(page);
    await shown(page, 'new-product').waitFor();
    for (const [label, text] of Object.entries({ ...fields, SKU: sku }))
      await page.getByLabel(label, { exact: true }).fill(text);
    return { ...visitor, renewals: renewalsOf(page) };
  };
  const save = (page: Page) => page.getByRole('button', { name: 'Save product' }).click();

  it('is sent with a new token, and nobody notices', async () => {
    const { page, context, complaints, renewals } = await filledIn('LATER-1');
    await outliveToken(page);
    await save(page);
    await shown(page, 'product-shown').waitFor();
    expect(renewals).toEqual([200]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('is not told that other devices are signed out where Cognito did not answer', async () => {
    const { page, context } = await visit(world, '/ask');
    await enterAnew(page);
    await page.waitForURL('**/ask');
    await page.route('**/*', (route) =>
      route.request().headers()['x-amz-target']?.endsWith('.GlobalSignOut')
        ? route.abort()
        : route.continue(),
    );
    await signOutEverywhere(page);
    await shown(page, 'left-here').waitFor();
    expect(await page.evaluate('JSON.stringify(sessionStorage)')).not.toMatch(/eyJ/);
    await context.close();
  });

  it('waits for a sign-in after a sign-out elsewhere, and goes on then', async () => {
    const { page, context, complaints, renewals } = await filledIn('LATER-2');
    const elsewhere = await visit(world, '/ask');
    await enterAnew(elsewhere.page);
    await elsewhere.page.waitForURL('**/ask');
    await signOutEverywhere(elsewhere.page);
    expect(elsewhere.page.url()).not.toContain('left=here');
    await elsewhere.context.close();

    await outliveToken(page);
    await save(page);
    await shown(page, 'session-ended').waitFor();
    expect(renewals).toEqual([400]);
    for (const [label, text] of Object.entries({ ...fields, SKU: 'LATER-2' }))
      expect(await page.getByLabel(label, { exact: true }).inputValue()).toBe(text);
    await signInOver(page, world.userNamed('standard'), last);
    await shown(page, 'product-shown').waitFor();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Sent later');
    expect(complaints).toEqual([]);
    await context.close();
  });
});
