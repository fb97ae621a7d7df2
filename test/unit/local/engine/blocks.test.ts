import { expect, it } from 'vitest';
import { badPortOf, badPorts, nextBlock } from '../../../../local/engine/blocks.ts';
import { freePort } from '../../../../local/engine/port.ts';

const dispatch = (): never => {
  throw new Error('would connect');
};
/** Given to `fetch`, it connects to nothing: the test asks about every port of this machine. */
const options: object = { dispatcher: { dispatch } };

const answerOf = async (port: number): Promise<string> => {
  const error: unknown = await fetch(`http://127.0.0.1:${port}/`, options).catch(
    (thrown) => thrown,
  );
  return error instanceof Error && error.cause instanceof Error
    ? error.cause.message
    : String(error);
};

it('the ports that fetch refuses are those of our list, and no others', async () => {
  const refused: number[] = [];
  for (let port = 1_024; port <= 65_535; port += 1) {
    const answer = await answerOf(port);
    if (answer === 'bad port') refused.push(port);
    else expect(answer).toBe('would connect');
  }

  expect(refused).toEqual(badPorts);
});

it('a block is judged by all of its ten ports', () => {
  expect([10_070, 10_071, 10_080, 10_081].map(badPortOf)).toEqual([
    undefined,
    10_080,
    10_080,
    undefined,
  ]);
  expect([4_566, 6_557, 6_660].map(badPortOf)).toEqual([undefined, 6_566, 6_665]);
});

it('the block that is named instead has none', () => {
  expect([4_566, 10_070, 10_061, 6_650].map(nextBlock)).toEqual([4_576, 10_090, 10_081, 6_680]);
});

it('a free block is never one that fetch refuses', async () => {
  const draws = [8, 8, ...Array.from({ length: 50 }, (_, index) => 1_900 + index)];
  const port = await freePort(() => draws.shift() ?? 0);

  expect(port).toBeGreaterThanOrEqual(29_000);
});
