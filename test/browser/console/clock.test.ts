// A phone whose clock is off: what is counted down runs by the clock of the server.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listed, needed, nothingNeeded, question } from '../../../console/pages/scripted.ts';
import { script } from '../../../console/pages/states.ts';
import type { PageState } from '../../../pages-kit/states.ts';
import { openState } from '../../../tools/shots/look.ts';
import {
  complaintsIn,
  narrowPhone,
  type StatesWorld,
  startStates,
  stateCalled,
} from '../states.ts';
import { minutesAhead, setClockRight, turnClock } from '../turned-clock.ts';

let world: StatesWorld;
beforeAll(async () => {
  world = await startStates(script);
});
afterAll(() => world?.stop());

const minute = 60_000;
const endsAt = (): number => Date.now() + 18 * minute;

/** The same answer, as a server gives it, which names its time. */
const timed = (body: object) => ({
  body,
  headers: { ETag: '"one"', Date: new Date().toUTCString() },
});

const states = (): readonly PageState[] => [
  {
    ...stateCalled(script, 'question-open'),
    answers: {
      'GET /incidents/{id}/question': timed({
        ...question,
        timeLimit: { ...question.timeLimit, endsAt: endsAt() },
      }),
    },
  },
  {
    ...stateCalled(script, 'now'),
    answers: {
      'GET /now': timed({ ...nothingNeeded, decide: needed({ ...listed, endsAt: endsAt() }) }),
    },
  },
];

/** A page in a browser whose clock is so many minutes ahead. */
const openedWith = async (minutes: number, state: PageState) => {
  const context = await narrowPhone(world);
  const complaints = complaintsIn(context);
  await turnClock(context, minutes);
  const page = await openState(context, world.url, state, script);
  return { page, context, complaints };
};

const timerOf = (page: Page) => page.getByRole('timer').first();

it.each([-10, 10, 0])(
  'with a clock that is %i minutes off, the time left is right',
  async (off) => {
    for (const state of states()) {
      const { page, context, complaints } = await openedWith(off, state);
      expect(await minutesAhead(page)).toBe(off);

      // A machine that needs a minute for this has a minute less to show.
      await expect.poll(() => timerOf(page).textContent()).toMatch(/^1[5-8] min left$/);
      expect(await page.locator('.heard-at').textContent()).toContain('Live');
      expect(complaints).toEqual([]);
      await context.close();
    }
  },
);

it('who sets the clock right while the page is open sees the same time left', async () => {
  const [state] = states();
  if (state === undefined) throw new Error('there is no state');
  const { page, context } = await openedWith(10, state);
  await expect.poll(() => timerOf(page).textContent()).toMatch(/^1[5-8] min left$/);
  // The next answer comes three seconds later, and names the time of the server again.
  await page.route('**/question', (route) =>
    route.fulfill({ status: 304, headers: { Date: new Date().toUTCString() } }),
  );
  await setClockRight(page);
  expect(await minutesAhead(page)).toBe(0);
  await page.waitForResponse('**/question');
  await expect.poll(() => timerOf(page).textContent()).toMatch(/^1[5-8] min left$/);
  await context.close();
});
