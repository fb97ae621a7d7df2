import { expect, it } from 'vitest';
import { sweep } from '../../../../responders/contain/sweep.ts';
import { aWorld } from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { contain } from '../../../support/responders/contained.ts';

// A machine that is 30 times slower needs five minutes for this.
it('a sweep ends in time with 1,000 open holds, and goes on where it stopped', async () => {
  const names = Array.from({ length: 1_000 }, (_, index) => `f${index}`);
  const { deps, cases, clock } = fakeDeps(aWorld());
  await contain(deps, 'first');
  const [head] = [...cases.items.values()].filter(({ sk }) => sk?.S === 'HEAD');
  for (const name of names) {
    const id = `inc-20261121-${name.padStart(8, '0')}`;
    cases.items.set(`INC#${id}\nHEAD`, { ...head, pk: { S: `INC#${id}` }, id: { S: id } });
  }
  const parts = [];
  let after: string | null = null;
  do {
    const part: { after: string | null; failed: number } = await sweep(after, {
      ...deps,
      now: () => {
        clock.at += 50;
        return clock.at;
      },
    });
    parts.push(part);
    after = part.after;
  } while (after !== null);
  expect(parts.length).toBeGreaterThan(3);
  expect(parts.map(({ failed }) => failed)).toEqual(parts.map(() => 0));
  const ends = parts.map((part) => part.after).filter((end) => end !== null);
  expect(ends).toEqual([...new Set(ends)].sort());
  const busy = [...cases.items.values()].filter(
    ({ sk, busyUntil }) => sk?.S === 'HEAD' && Number(busyUntil?.N) > clock.at,
  );
  expect(busy).toEqual([]);
}, 1_200_000);
