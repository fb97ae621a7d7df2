import type { QueuedNotice } from '../../../../responders/report/digest.ts';
import type { Letter } from '../../../../responders/report/mail.ts';
import type { Post } from '../../../../responders/report/outbox.ts';
import { rateTable } from './rate-table.ts';

export const notice = (number: number, kind = 'flash'): QueuedNotice => ({
  incident: `inc-20261121-${String(number).padStart(8, '0')}`,
  kind,
  round: 1,
  at: number,
  subject: `Cordon HIGH contained: inc-20261121-${String(number).padStart(8, '0')}, f${number}`,
  body: 'What:  x\nWhere: y\nState: CONTAINED: z\n',
});

/**
 * A topic, a table, senders, and a clock that goes on by 50 ms whenever everybody has had a turn.
 */
export const office = ({ failsAt = [] as number[] } = {}) => {
  const clock = { at: 1_000_000 };
  const { items } = rateTable();
  const published: { at: number; letter: Letter }[] = [];
  const told: string[] = [];
  let attempts = 0;
  /**
   * One sender. It is killed before its so many-th call to the outside: that call and all later
   * ones never come back.
   */
  const sender = (lives = Number.POSITIVE_INFINITY): Post => {
    let calls = 0;
    const gate = (): Promise<void> => {
      calls += 1;
      return calls <= lives ? Promise.resolve() : new Promise(() => undefined);
    };
    return {
      table: rateTable(items, gate).table,
      now: () => clock.at,
      sleep: async (ms) => {
        const until = clock.at + ms;
        while (clock.at < until) await new Promise((resolve) => setImmediate(resolve));
      },
      publish: async (letter) => {
        await gate();
        attempts += 1;
        if (failsAt.includes(attempts)) throw new Error('SNS is away');
        published.push({ at: clock.at, letter });
      },
      sent: async ({ incident, kind }) => {
        await gate();
        told.push(`${incident} ${kind}`);
      },
    };
  };
  const ticking = setInterval(() => {
    clock.at += 50;
  }, 1);
  ticking.unref();
  return { post: sender(), sender, published, told, items, clock };
};
