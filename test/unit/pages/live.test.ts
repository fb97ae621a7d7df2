// When a page of the console looks again at what others change.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import './packages.ts';

import type { Tagged } from '../../../console/pages/src/api/calls.ts';
import { type Live, useLive } from '../../../console/pages/src/api/live.ts';
import { ApiProblem } from '../../../pages-kit/src/api/problem.ts';

/** As much of a document as a look needs; nobody sees the page while it is hidden. */
const hear = new Map<string, () => void>();
const page = {
  hidden: false,
  addEventListener: (name: string, listener: () => void) => void hear.set(name, listener),
  removeEventListener: () => undefined,
};
const hide = (hidden: boolean): void => {
  page.hidden = hidden;
  hear.get('visibilitychange')?.();
};

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  vi.spyOn(console, 'warn').mockReturnValue(); // no component is there that could be unmounted
  page.hidden = false;
  Object.assign(globalThis, { document: page });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  Reflect.deleteProperty(globalThis, 'document');
});

type Answer = Tagged<string> | ApiProblem;
const good = (body: string): Tagged<string> => ({ body, headers: new Headers({ etag: body }) });
const failing = (status: number, retryAfter?: number): ApiProblem =>
  new ApiProblem({ title: 'No', detail: 'No.', status, retryAfter });

/** Follows something that answers this, in turn, and then the last of it again and again. */
const following = async (...answers: readonly Answer[]) => {
  const looks: (readonly [at: number, tag: string | undefined])[] = [];
  const live: Live<string> = useLive((tag) => {
    const answer = answers[Math.min(looks.length, answers.length - 1)] ?? null;
    looks.push([Date.now(), tag]);
    return answer instanceof ApiProblem ? Promise.reject(answer) : Promise.resolve(answer);
  });
  await vi.advanceTimersByTimeAsync(0);
  const times = (): readonly number[] => looks.map(([at]) => at);
  return { live, looks, times };
};

describe('a look at what is so', () => {
  it('comes so often that a page is at most three seconds behind', async () => {
    const { times } = await following(good('one'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(times()).toEqual([0, 2_500, 5_000, 7_500, 10_000]);
  });

  it('names what the page has, and keeps it while nothing has changed', async () => {
    const { live, looks } = await following(good('one'), null, good('two'));
    await vi.advanceTimersByTimeAsync(2_500);
    expect(live.state.value).toBe('one');
    await vi.advanceTimersByTimeAsync(2_500);
    expect(looks.map(([, tag]) => tag)).toEqual([undefined, 'one', 'one']);
    expect(live.state.value).toBe('two');
  });

  it.each([
    ['cannot be reached', failing(0)],
    ['fails', failing(500)],
    ['is stopped', failing(503)],
  ])('becomes rarer while the API %s, and keeps what was known', async (_what, problem) => {
    const { live, times } = await following(good('one'), problem);
    await vi.advanceTimersByTimeAsync(75_000);

    const pauses = times().map((at, index) => at - (times()[index - 1] ?? at));
    expect(pauses.slice(1, 8)).toEqual([2_500, 3_750, 5_625, 8_437, 12_656, 15_000, 15_000]);
    expect([live.state.value, live.problem.value?.status]).toEqual(['one', problem.status]);
    expect(live.heardAt.value).toBe(0);
  });

  it('waits as long as an API with too many requests wants', async () => {
    const { times } = await following(good('one'), failing(429, 9), good('two'));
    await vi.advanceTimersByTimeAsync(11_499);
    expect(times()).toEqual([0, 2_500]);
    await vi.advanceTimersByTimeAsync(1);
    expect(times()).toEqual([0, 2_500, 11_500]);
  });

  it('is as frequent as before once an answer has come', async () => {
    const { live, times } = await following(failing(500), good('one'));
    await vi.advanceTimersByTimeAsync(3_750 + 2_500);
    expect(times()).toEqual([0, 3_750, 6_250]);
    expect(live.problem.value).toBeUndefined();
  });

  it.each([400, 403, 404])('is the last one after %i, which no look can mend', async (status) => {
    const { times } = await following(failing(status));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(times()).toEqual([0]);
  });

  it('does not happen while the page is hidden, and at once when it is seen again', async () => {
    const { times } = await following(good('one'));
    await vi.advanceTimersByTimeAsync(1_000);
    hide(true);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(times()).toEqual([0]);
    hide(false);
    await vi.advanceTimersByTimeAsync(2_500);
    expect(times()).toEqual([0, 601_000, 603_500]);
  });
});
