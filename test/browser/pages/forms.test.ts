// What somebody has typed outlives bad answers, the end of a session and a lost network.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signedInAs } from '../../../pages-kit/sign-in-states.ts';
import type { PageState } from '../../../pages-kit/states.ts';
import {
  missing,
  product,
  productId,
  question,
  questionId,
  run,
} from '../../../protected-app/pages/scripted.ts';
import { script } from '../../../protected-app/pages/states.ts';
import { badAnswers, opened, refusedOnce, signInAgain } from '../bad-answers.ts';
import { type StatesWorld, startStates } from '../states.ts';

let world: StatesWorld;
beforeAll(async () => {
  world = await startStates(script);
});
afterAll(() => world?.stop());

const name = 'Ball Bearing 6201, stainless';
const editing: PageState = {
  ...{ shown: 'product-refused', path: `/products/${productId}`, as: 'administrator' },
  steps: [{ press: 'Edit' }, { type: ['Name', name] }, { press: 'Save changes' }],
};
/** The sign-in of a person whose next step after the password is the code. */
const signIn = signedInAs('administrator', ['administrators']);
const enter = async (page: Parameters<typeof signInAgain>[0]): Promise<void> => {
  await signInAgain(page);
  await page.getByLabel('Code of the app').fill('123456');
  await page.getByRole('button', { name: 'Confirm' }).click();
};

describe('the form of a product', () => {
  it.each(badAnswers)('keeps what was typed after %s', async (_what, answer, says) => {
    const { page, context, complaints } = await opened(world, {
      ...editing,
      answers: { 'PUT /products/{id}': answer },
    });
    expect(await page.locator('[data-shown="product-refused"]').textContent()).toMatch(says);
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe(name);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('waits while its session is renewed over it, and is saved then', async () => {
    const saved = { ...product, name, version: 4 };
    const { page, context, complaints } = await opened(world, {
      ...editing,
      shown: 'session-ended',
      answers: { ...signIn, 'PUT /products/{id}': refusedOnce({ body: saved }) },
      afterChange: { 'GET /products/{id}': { body: saved } },
    });
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe(name);
    await enter(page);
    await page.locator('[data-shown="product-shown"]').waitFor();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(name);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('says that the network is gone and back, and keeps what was typed', async () => {
    const { page, context, complaints } = await opened(world, {
      ...{ shown: 'product-editing', path: `/products/${productId}`, as: 'administrator' },
      steps: [{ press: 'Edit' }, { type: ['Name', name] }],
    });
    const offline = page.locator('[data-shown="offline"]');
    await context.setOffline(true);
    await offline.waitFor();
    await context.setOffline(false);
    await offline.waitFor({ state: 'detached' });
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe(name);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('the form of a new product', () => {
  const fields = { Name: name, SKU: 'BRG-6202', Category: 'Bearings', Price: '6.40', Stock: '12' };
  const making: PageState = {
    ...{ shown: 'new-product-refused', path: '/products/new', as: 'administrator' },
    steps: [
      ...Object.entries(fields).map(([label, text]) => ({ type: [label, text] as const })),
      { press: 'Save product' },
    ],
  };
  const kept = (page: Page): Promise<readonly string[]> =>
    Promise.all(
      Object.keys(fields).map((label) => page.getByLabel(label, { exact: true }).inputValue()),
    );

  it.each(badAnswers)('keeps all that was typed after %s', async (_what, answer, says) => {
    const state = { ...making, answers: { 'POST /products': answer } };
    const { page, context, complaints } = await opened(world, state);
    expect(await page.locator('[data-shown="new-product-refused"]').textContent()).toMatch(says);
    expect(await kept(page)).toEqual(Object.values(fields));
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('waits while its session is renewed over it, and is saved then', async () => {
    const { page, context, complaints } = await opened(world, {
      ...{ ...making, shown: 'session-ended' },
      answers: { ...signIn, 'POST /products': refusedOnce({ status: 201, body: product }) },
    });
    expect(await kept(page)).toEqual(Object.values(fields));
    await enter(page);
    await page.locator('[data-shown="product-shown"]').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('a removal and a run of the synchronisation', () => {
  it.each<[string, Pick<PageState, 'path' | 'steps' | 'answers'>, string]>([
    [
      'a removal',
      {
        path: `/products/${productId}`,
        steps: [{ press: 'Remove' }, { press: 'Remove product' }],
        answers: { 'DELETE /products/{id}': refusedOnce({ status: 204 }) },
      },
      'products-list',
    ],
    [
      'a run',
      {
        path: '/administration',
        steps: [{ see: 'sync-none' }, { press: 'Start a run' }],
        answers: {
          'GET /salesforce/sync': missing,
          'POST /salesforce/sync': refusedOnce({ status: 202, body: run }),
        },
      },
      'sync-run',
    ],
  ])('%s waits while the session is renewed over it', async (_what, asks, done) => {
    const { page, context, complaints } = await opened(world, {
      ...{ shown: 'session-ended', as: 'administrator', ...asks },
      answers: { ...signIn, ...asks.answers },
    });
    await enter(page);
    await page.locator(`[data-shown="${done}"]`).first().waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('a question', () => {
  it.each(badAnswers)('keeps what was typed after %s', async (_what, answer, says) => {
    const typed = 'Who buys bearings in Tucson?';
    const { page, context, complaints } = await opened(world, {
      ...{ shown: 'ask-refused', path: '/ask', as: 'administrator' },
      steps: [{ type: ['Question', typed] }, { press: 'Ask' }],
      answers: { 'POST /ai/query': answer },
    });
    expect(await page.locator('[data-shown="ask-refused"]').textContent()).toMatch(says);
    expect(await page.getByLabel('Question', { exact: true }).inputValue()).toBe(typed);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('waits while the session is renewed over it, and is asked then', async () => {
    const typed = 'Who buys bearings in Tucson?';
    const { page, context, complaints } = await opened(world, {
      ...{ shown: 'session-ended', path: '/ask', as: 'administrator' },
      steps: [{ type: ['Question', typed] }, { press: 'Ask' }],
      answers: {
        ...signIn,
        'POST /ai/query': refusedOnce({ status: 202, body: { id: questionId } }),
        'GET /ai/query/{id}': { body: { ...question, question: typed } },
      },
    });
    expect(await page.getByLabel('Question', { exact: true }).inputValue()).toBe(typed);
    await enter(page);
    await page.locator('[data-shown="answer-given"]').waitFor();
    expect(page.url()).toContain(questionId);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('a browser that keeps nothing', () => {
  it('signs in and goes from page to page all the same', async () => {
    const { page, context, complaints } = await opened(
      world,
      { shown: 'sign-in', path: '/sign-in', answers: signIn },
      () => {
        Object.defineProperty(globalThis, 'sessionStorage', {
          get: () => {
            throw new DOMException('Access is denied for this document.', 'SecurityError');
          },
        });
      },
    );
    await page.getByLabel('E-mail address').fill('administrator@example.com');
    await page.getByLabel('Password').fill('Correct-horse-7-battery');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('Code of the app').fill('123456');
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.locator('[data-shown="products-list"]').waitFor();
    await page.getByRole('link', { name: 'Customers' }).click();
    await page.locator('[data-shown="customers-list"]').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
