import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import { lookUpAll } from '../../../../responders/timeline/lookup.ts';
import { record, start } from '../../../support/responders/timeline/records.ts';

const began = Date.parse('2026-11-21T10:00:00Z');
const utc = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** An event history that gives pages of 50, the newest first, as CloudTrail does. */
const historyOf = (events: readonly { readonly id: string; readonly at: number }[]) => {
  const newestFirst = events.toSorted((left, right) => right.at - left.at);
  const cloudtrail = new CloudTrailClient({ region: 'eu-west-1' });
  const requests: unknown[] = [];
  mockClient(cloudtrail)
    .on(LookupEventsCommand)
    .callsFake(({ StartTime, EndTime, NextToken = '0' }) => {
      requests.push(NextToken);
      const within = newestFirst.filter(
        ({ at }) => at >= Number(StartTime) && at <= Number(EndTime),
      );
      const next = Number(NextToken) + 50;
      return {
        Events: within.slice(next - 50, next).map(({ id, at }) => ({
          CloudTrailEvent: JSON.stringify(record({ id, at: utc(at), error: 'AccessDenied' })),
        })),
        ...(within.length > next && { NextToken: String(next) }),
      };
    });
  return { cloudtrail, requests };
};

const lookUp = (
  { cloudtrail }: ReturnType<typeof historyOf>,
  callers = { suspects: ['orders'], own: [] as readonly string[] },
) =>
  lookUpAll(start(), callers, {
    cloudtrail,
    sleep: async () => undefined,
    from: utc(began - 86_400_000),
    to: utc(began + 3_600_000),
  });

it('the first calls are found however many follow, and the gap is named', async () => {
  const theft = Array.from({ length: 30 }, (_, n) => ({ id: `theft-${n}`, at: began + n * 1_000 }));
  const flood = Array.from({ length: 20_000 }, (_, n) => ({
    id: `flood-${n}`,
    at: began + 60_000 + Math.floor(n / 10) * 1_000,
  }));
  const history = historyOf([...theft, ...flood]);

  const { calls, asked } = await lookUp(history);

  const ids = new Set(calls.map(({ id }) => id));
  expect(theft.filter(({ id }) => !ids.has(id))).toEqual([]);
  expect(ids).toContain('flood-19999');
  expect(asked).toEqual([
    expect.objectContaining({
      state: 'cut off',
      why: expect.stringMatching(
        /^too many events: between 2026-11-21T10:01:\d\dZ and 2026-11-21T10:32:\d\dZ some/,
      ),
    }),
  ]);
  expect(history.requests.length).toBeLessThanOrEqual(20 + 24);
});

it('a history that fits is read once, and nothing is said to be missing', async () => {
  const history = historyOf(
    Array.from({ length: 120 }, (_, n) => ({ id: `call-${n}`, at: began + n * 1_000 })),
  );

  const { calls, asked } = await lookUp(history);

  expect(calls).toHaveLength(120);
  expect(asked.map(({ state }) => state)).toEqual(['complete']);
  expect(history.requests).toHaveLength(3);
});

it('of a function of Cordon, which a flood keeps busy, only the newest calls are read', async () => {
  const history = historyOf(
    Array.from({ length: 5_000 }, (_, n) => ({ id: `own-${n}`, at: began + n * 500 })),
  );

  const { calls, asked } = await lookUp(history, { suspects: [], own: ['ContainmentLambda'] });

  expect(calls.map(({ id }) => id)).toEqual(
    Array.from({ length: 100 }, (_, n) => `own-${4_999 - n}`),
  );
  expect(history.requests).toHaveLength(2);
  expect(asked).toEqual([
    expect.objectContaining({
      state: 'cut off',
      why: 'only the newest calls were read: those before 2026-11-21T10:40:50Z are left out',
    }),
  ]);
});
