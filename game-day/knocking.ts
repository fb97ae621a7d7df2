import { setTimeout as sleep } from 'node:timers/promises';
import { answerOf } from './probe.ts';
import type { Door } from './scenario.ts';
import type { Knock } from './seen.ts';

const once = async (
  { name, knock, refusedBy }: Door,
  moment: Knock['moment'],
  patienceMs: number,
): Promise<Knock> => {
  try {
    await knock(patienceMs);
    return { door: name, moment, outcome: 'open', answer: 'ok' };
  } catch (error) {
    const { answer } = answerOf(error);
    return { door: name, moment, outcome: refusedBy.test(answer) ? 'refused' : 'failed', answer };
  }
};

/** How long to go on until a door is as it should be: on AWS a change takes seconds to spread. */
const patience = 30_000;
/**
 * How long a message may wait: long enough to be taken when the queue is read, short where it is
 * expected to stay.
 */
const perKnock = { before: 20_000, contained: 3_000, after: 20_000 } as const;

const knockAt = async (door: Door, moment: Knock['moment']): Promise<Knock> => {
  const end = performance.now() + patience;
  for (;;) {
    const seen = await once(door, moment, perKnock[moment]);
    if (seen.outcome === (moment === 'contained' ? 'refused' : 'open') || performance.now() > end)
      return seen;
    await sleep(500);
  }
};

/**
 * Tries every door, one after the other: together they would take each other's places in the
 * function's concurrency.
 */
export const knockAll = async (
  doors: readonly Door[],
  moment: Knock['moment'],
): Promise<Knock[]> => {
  const seen: Knock[] = [];
  for (const door of doors) seen.push(await knockAt(door, moment));
  return seen;
};
