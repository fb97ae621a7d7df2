// What a form of either site gets back instead of an answer that it can use.
import type { BrowserContext, Page } from 'playwright-core';
import type { Answers, PageState, ScriptedAnswer } from '../../pages-kit/states.ts';
import { openState } from '../../tools/shots/look.ts';
import { complaintsIn, narrowPhone, type StatesWorld } from './states.ts';

const html = { 'content-type': 'text/html' };
const page = '<html><body>Bad gateway</body></html>';

/** Each with a part of the sentence that a page says. */
export const badAnswers: readonly (readonly [string, ScriptedAnswer, RegExp])[] = [
  ['a lost connection', { isLost: true }, /cannot be reached/],
  ['HTML with 200', { status: 200, headers: html, body: page }, /cannot read/],
  ['HTML with 502', { status: 502, headers: html, body: page }, /cannot read/],
  ['nothing with 500', { status: 500 }, /cannot read/],
  [
    'too many requests',
    { status: 429, body: { title: 'Too many requests', status: 429, detail: 'Wait a minute.' } },
    /Wait a minute/,
  ],
];

/** The API takes the token no more; after the next sign-in it does what was asked. */
export const refusedOnce = (next: ScriptedAnswer): ScriptedAnswer => ({
  ...{ status: 401, body: { title: 'Unauthorized', status: 401 } },
  next,
});

/** Cognito renews no token. */
export const notRenewed: Answers = {
  'SIGN-IN GetTokensFromRefreshToken': {
    status: 400,
    body: { __type: 'NotAuthorizedException', message: 'Refresh Token has expired' },
  },
};

interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained of. */
  readonly complaints: readonly string[];
}

/** A page in a state, in a browser whose pages run something first. */
export const opened = async (
  world: StatesWorld,
  state: PageState,
  first?: () => void,
): Promise<Opened> => {
  const context = await narrowPhone(world);
  const complaints = complaintsIn(context);
  const thrown: string[] = [];
  context.on('weberror', (error) => void thrown.push(error.error().message));
  if (first) await context.addInitScript(first);
  const shownPage = await openState(context, world.url, state, world.script);
  return {
    ...{ page: shownPage, context },
    get complaints() {
      return [...complaints, ...thrown];
    },
  };
};

/** Signs in again in the dialog over the page. */
export const signInAgain = async (dialog: Page): Promise<void> => {
  const asked = dialog.locator('[data-shown="session-ended"]').last();
  await asked.getByLabel('Password').fill('Correct-horse-7-battery');
  await asked.getByRole('button', { name: 'Sign in' }).click();
};
