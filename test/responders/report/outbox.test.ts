import { describe, expect, it } from 'vitest';
import type { Waiting } from '../../../responders/report/digest.ts';
import type { Letter } from '../../../responders/report/mail.ts';
import { type Post, send } from '../../../responders/report/outbox.ts';
import { rateTable } from './rate-table.ts';

const notice = (number: number, kind = 'flash'): Waiting => ({
  incident: `inc-20261121-${String(number).padStart(8, '0')}`,
  kind,
  round: 1,
  at: number,
  subject: `Cordon HIGH contained: inc-20261121-${String(number).padStart(8, '0')}, f${number}`,
  body: 'What:  x\nWhere: y\nState: CONTAINED: z\n',
});

/** A topic, and a clock that goes on by 50 ms whenever everybody has had a turn. */
const office = ({ failsAt = [] as number[] } = {}) => {
  const clock = { at: 1_000_000 };
  const { table, items } = rateTable();
  const published: { at: number; letter: Letter }[] = [];
  const told: string[] = [];
  let attempts = 0;
  const post: Post = {
    table,
    now: () => clock.at,
    sleep: async (ms) => {
      const until = clock.at + ms;
      while (clock.at < until) await new Promise((resolve) => setImmediate(resolve));
    },
    publish: async (letter) => {
      attempts += 1;
      if (failsAt.includes(attempts)) throw new Error('SNS is away');
      published.push({ at: clock.at, letter });
    },
    sent: async ({ incident, kind }) => void told.push(`${incident} ${kind}`),
  };
  const ticking = setInterval(() => {
    clock.at += 50;
  }, 1);
  ticking.unref();
  return { post, published, told, items, clock };
};

const deadline = Number.POSITIVE_INFINITY;

describe('the outbox', () => {
  it('sends one notice as it was written', async () => {
    const { post, published, told } = office();

    expect(await send(post, notice(1), { last: false, deadline })).toBe('sent');

    expect(published.map(({ letter }) => letter.subject)).toEqual([notice(1).subject]);
    expect(told).toEqual([`${notice(1).incident} flash`]);
  });

  it('1,000 notices at once: at most one mail a second, each incident named in one of them, each told once', async () => {
    const { post, published, told, items } = office();

    await Promise.all(Array.from({ length: 1_000 }, (_, number) => send(post, notice(number), { last: number % 20 === 0, deadline })));

    const gaps = published.slice(1).map(({ at }, index) => at - (published[index]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000);
    const text = published.map(({ letter }) => `${letter.subject}\n${letter.body}`).join('\n');
    for (let number = 0; number < 1_000; number += 1) expect(text).toContain(notice(number).incident);
    expect(new Set(told).size).toBe(1_000);
    expect([...items.keys()].filter((key) => key.includes('WAIT#'))).toEqual([]);
    for (const { letter } of published) expect(Buffer.byteLength(letter.body)).toBeLessThanOrEqual(8_192);
  });

  it('who must decide stands first', async () => {
    const { post, published } = office();
    await Promise.all([1, 2, 3].map((number) => send(post, notice(number, number === 3 ? 'ask' : 'flash'), { last: true, deadline })));

    const digest = published.find(({ letter }) => letter.subject.includes('digest'));

    expect(digest?.letter.body.split('\n').find((line) => line.startsWith('* '))).toContain('00000003');
  });

  it('what could not be sent waits, and goes out with the next notice', async () => {
    const { post, published, told, clock } = office({ failsAt: [1] });
    await expect(send(post, notice(1), { last: false, deadline })).rejects.toThrow('SNS is away');
    clock.at += 11_000;

    await send(post, notice(2), { last: false, deadline });

    expect(published).toHaveLength(1);
    expect(told.sort()).toEqual([`${notice(1).incident} flash`, `${notice(2).incident} flash`]);
  });

  it('the last notice of an incident takes over from a sender that died', async () => {
    const { post, told, items } = office();
    items.set('MAILRATE\nSENDER', { pk: { S: 'MAILRATE' }, sk: { S: 'SENDER' }, until: { N: '1009000' }, nextAt: { N: '0' } });

    expect(await send(post, notice(1), { last: false, deadline })).toBe('waiting');
    expect(await send(post, notice(2, 'report2'), { last: true, deadline })).toBe('sent');

    expect(told).toHaveLength(2);
  });
});
