import type { BrowserContext, Page, Route } from 'playwright-core';
import type {
  Answers,
  PageState,
  ScriptedAnswer,
  SiteScript,
  Step,
} from '../../pages-kit/states.ts';
import { script as shop } from '../../protected-app/pages/states.ts';

/** `GET /v1/products/a0aa…` → `GET /products/{id}`: the name that a script has for it. */
const nameOf = (request: string, names: readonly string[]): string | undefined =>
  names.find((name) => new RegExp(`^${name.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(request));

const fulfil = async (route: Route, answer: ScriptedAnswer): Promise<void> => {
  if (answer.isLost) return route.abort('connectionfailed');
  if (answer.isLate) return; // never
  const { status = 200, body, bytes, headers = {} } = answer;
  if (bytes !== undefined)
    return route.fulfill({
      ...{ status, headers: { 'content-type': 'application/octet-stream', ...headers } },
      body: Buffer.from(bytes, 'base64'),
    });
  const isProblem = status >= 400;
  await route.fulfill({
    status,
    headers: { 'content-type': `application/${isProblem ? 'problem+' : ''}json`, ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
};

const notScripted: ScriptedAnswer = { status: 404, body: { title: 'Not scripted', status: 404 } };

/** Answers every request to the API as the state says. */
const answerAs = async (
  page: Page,
  { answers = {}, afterChange = {} }: PageState,
  usual: Answers,
): Promise<void> => {
  let hasChanged = false;
  const asked = new Set<string>();
  const answer = async (route: Route): Promise<void> => {
    const method = route.request().method();
    const path = new URL(route.request().url()).pathname.replace(/^\/v1/, '');
    const known = { ...usual, ...answers, ...(hasChanged && afterChange) };
    const name = nameOf(`${method} ${path}`, Object.keys(known).sort());
    if (method !== 'GET') hasChanged = true;
    const first = (name === undefined ? undefined : known[name]) ?? notScripted;
    const next = asked.has(name ?? '') ? (first.next ?? first) : first;
    asked.add(name ?? '');
    await fulfil(route, next);
  };
  for (const folder of ['v1', 'evidence-links']) await page.route(`**/${folder}/**`, answer);
};

/** Answers what the pages ask of Cognito: `SIGN-IN InitiateAuth` is the name of a script for it. */
const answerSignIn = async (page: Page, { answers = {} }: PageState): Promise<void> => {
  const asked = new Set<string>();
  await page.route('**/cognito/', async (route) => {
    const { 'x-amz-target': target = '' } = route.request().headers();
    const name = `SIGN-IN ${target.split('.').at(-1)}`;
    const first = answers[name] ?? notScripted;
    const answer = asked.has(name) ? (first.next ?? first) : first;
    asked.add(name);
    await fulfil(route, answer);
  });
};

/** Waits until the page is in a state. */
const stateIn = (page: Page, shown: string): Promise<void> =>
  page.locator(`[data-shown="${shown}"]`).first().waitFor({ state: 'visible' });

const take = async (page: Page, step: Step): Promise<void> => {
  if ('key' in step) await page.keyboard.press(step.key);
  else if ('check' in step) await page.getByLabel(step.check, { exact: true }).check();
  else if ('chooses' in step) await page.getByRole('tab', { name: step.chooses }).click();
  else if ('see' in step) await stateIn(page, step.see);
  else if ('press' in step) {
    const named = { name: step.press, exact: true };
    await page.getByRole('button', named).or(page.getByRole('link', named)).last().click();
  } else await page.getByLabel(step.type[0], { exact: true }).fill(step.type[1]);
};

/** The session that a tab has after a sign-in; the token is only text to the pages. */
export const sessionOf = (person: object): string =>
  JSON.stringify({ person, token: { text: 'a token of nobody', until: Date.now() + 3_600_000 } });

/** Opens a page of the context in a state, and waits until the state is there. */
export const openState = async (
  context: BrowserContext,
  url: string,
  state: PageState,
  script: SiteScript = shop,
): Promise<Page> => {
  const page = await context.newPage();
  // This ends what hangs; it judges no speed, so that a slow machine passes too.
  page.setDefaultTimeout(120_000);
  await answerAs(page, state, script.usualAnswers);
  await answerSignIn(page, state);
  const { as } = state;
  if (as !== undefined)
    await page.addInitScript(
      ([key = '', kept = '']) => sessionStorage.setItem(key, kept),
      [script.storageKey, sessionOf(script.personNamed(as))],
    );
  await page.goto(`${url}${state.path}`);
  for (const step of state.steps ?? []) await take(page, step);
  await stateIn(page, state.shown);
  return page;
};
