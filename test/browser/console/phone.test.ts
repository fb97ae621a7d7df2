// Somebody at night with a phone: from the link of a mail to the decision, counted.
import type { BrowserContext, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { incidentId } from '../../../console/pages/scripted.ts';
import { script } from '../../../console/pages/states.ts';
import { asks } from '../../../console/pages/states-question.ts';
import { signedInAs } from '../../../pages-kit/sign-in-states.ts';
import type { PageState } from '../../../pages-kit/states.ts';
import { openState } from '../../../tools/shots/look.ts';
import { complaintsIn, type StatesWorld, startStates } from '../states.ts';

let world: StatesWorld;
beforeAll(async () => {
  world = await startStates(script);
});
afterAll(() => world?.stop());

const decided = {
  ...{ incidentId, by: 'arn:aws:sts::1:assumed-role/CordonConsoleApproveRole/approver' },
  ...{ secondNeeded: false, decision: 'The workload is contained.' },
};
/** Signed in, at the link that the mail has. */
const fromTheMail: PageState = {
  ...{ shown: 'question-open', path: `/q/${incidentId}`, as: 'approver' },
  answers: {
    ...{ ...asks({}), ...signedInAs('approver', ['approvers']) },
    'POST /incidents/{id}/answer': { body: decided },
  },
};
const screen = { width: 360, height: 740 };

const phone = (): Promise<BrowserContext> =>
  world.browser.newContext({
    ...{ viewport: screen, hasTouch: true, isMobile: true, reducedMotion: 'reduce' },
  });

/** How often a finger has touched the page. */
const tapsOn = (page: Page): Promise<unknown> => page.evaluate('globalThis.taps');
const countTaps = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript(`
    globalThis.taps = 0;
    addEventListener('pointerdown', () => void (taps += 1), { capture: true });
  `);

it('verdict, what breaks and the buttons stand on the first screen, without scrolling', async () => {
  const context = await phone();
  const page = await openState(context, world.url, fromTheMail, script);
  for (const part of [
    page.getByRole('heading', { level: 1 }),
    page.locator('.question-breaks dd'),
    page.getByRole('timer'),
    page.getByRole('button', { name: 'Contain', exact: true }),
    page.getByRole('button', { name: 'Leave alone' }),
  ]) {
    const { y = Number.NaN, height = Number.NaN } = (await part.boundingBox()) ?? {};
    expect([String(part), y >= 0 && y + height <= screen.height]).toEqual([String(part), true]);
  }
  await context.close();
});

it('four taps decide, besides what is typed', async () => {
  const context = await phone();
  const complaints = complaintsIn(context);
  await countTaps(context);
  const page = await openState(context, world.url, fromTheMail, script);
  const dialog = page.getByRole('dialog');

  await page.getByRole('button', { name: 'Contain', exact: true }).tap();
  // The reason has the focus already.
  const reason = dialog.getByLabel('Reason', { exact: true });
  await reason.and(page.locator(':focus')).waitFor();
  await page.keyboard.type('the owner does not know the calls');
  await dialog.getByLabel('Password').tap();
  await page.keyboard.type('Correct-horse-7-battery');
  await dialog.getByLabel('Code of the app').tap();
  await page.keyboard.type('123456');
  await dialog.getByRole('button', { name: 'Contain', exact: true }).tap();
  await page.locator('[data-shown="question-answered-now"]').waitFor();

  expect(await tapsOn(page)).toBe(4);
  expect(complaints).toEqual([]);
  await context.close();
});

/** Of slow mobile networks, as the audits of browsers assume it: bits of a millisecond, a turn. */
const slow = { bitsPerMs: 1_600, turnMs: 150 };

/**
 * What the network makes of the way to the question: how many bytes, and how many turns of requests
 * that wait for the ones before them. A request belongs to the turn after the last one that had been
 * answered when it was sent. Where answers come in another order, it counts more turns, never fewer.
 */
const wayTo = async (state: PageState): Promise<{ bytes: number; turns: number }> => {
  const context = await phone();
  const turnOf = new Map<Request, number>();
  let answered = 0;
  const sizes: Promise<number>[] = [];
  context.on('request', (request) => void turnOf.set(request, answered + 1));
  context.on('requestfinished', (request) => {
    answered = Math.max(answered, turnOf.get(request) ?? 0);
    sizes.push(
      request
        .sizes()
        .then(
          ({ responseBodySize, responseHeadersSize }) =>
            Math.max(0, responseBodySize) + Math.max(0, responseHeadersSize),
        ),
    );
  });
  await openState(context, world.url, state, script);
  const [bytes, turns] = [
    (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0),
    Math.max(...turnOf.values()),
  ];
  await context.close();
  return { bytes, turns };
};

it('on a slow network the way to the question takes at most three seconds', async () => {
  const { bytes, turns } = await wayTo(fromTheMail);
  const ms = (bytes * 8) / slow.bitsPerMs + turns * slow.turnMs;

  expect(bytes).toBeGreaterThan(30_000);
  expect(turns).toBeGreaterThan(1);
  expect({ bytes, turns, inTime: ms <= 3_000 }).toEqual({ bytes, turns, inTime: true });
});
