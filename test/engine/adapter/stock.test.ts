// A "stock engine still …" test fails when upstream behaves as AWS does: its correction can go.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from './engine.ts';
import { differences } from './stock/differences.ts';

let stock: Engine;
let corrected: Engine;
beforeAll(async () => {
  stock = await startEngine({ skip: differences.map(({ correction }) => correction).join(',') });
  corrected = await startEngine();
});
afterAll(async () => {
  await stock?.stop();
  await corrected?.stop();
});

test('the stock engine runs without any correction', async () => {
  expect(await stock.get('/_cordon/corrections')).toEqual([]);
});

// Concurrent, because several of them wait for an effect that does not come.
describe.concurrent('the stock engine', () => {
  for (const { correction, still, observe, stock: expected } of differences)
    test(`${correction}: the stock engine still ${still}`, async ({ expect }) => {
      expect(await observe({ ...stock, patienceSeconds: 4 })).toEqual(expected);
    });
});

// The same observation differs here, so a test above fails when the stock engine does as AWS.
describe('the corrected engine', () => {
  for (const { correction, observe, aws } of differences)
    test(`${correction}: the corrected engine does as AWS does`, async () => {
      expect(await observe({ ...corrected, patienceSeconds: 100 })).toEqual(aws);
    });
});
