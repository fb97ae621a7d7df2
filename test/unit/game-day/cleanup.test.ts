import { expect, it } from 'vitest';
import { createCleanup } from '../../../game-day/cleanup.ts';

const busy = () => Promise.reject(new Error('it is busy'));

it('takes everything back, the last first', async () => {
  const { addCleanup, cleanUp } = createCleanup();
  const done: string[] = [];
  for (const subject of ['the user', 'the code', 'the item'])
    addCleanup(subject, async () => done.push(subject));

  expect(await cleanUp()).toEqual([]);
  expect(done).toEqual(['the item', 'the code', 'the user']);
});

it('tries each step although another failed, and says what is left and why', async () => {
  const { addCleanup, cleanUp } = createCleanup();
  const done: string[] = [];
  addCleanup('the user', async () => done.push('the user'));
  addCleanup('the code', busy);
  addCleanup('the queue', () => {
    throw new Error('no such queue');
  });
  addCleanup('the item', async () => done.push('the item'));

  expect(await cleanUp()).toEqual([
    'the queue could not be taken back: no such queue',
    'the code could not be taken back: it is busy',
  ]);
  expect(done).toEqual(['the item', 'the user']);
});

it('takes nothing back twice', async () => {
  const { addCleanup, cleanUp } = createCleanup();
  let times = 0;
  addCleanup('the item', async () => {
    times += 1;
  });

  for (let turn = 0; turn < 2; turn += 1) await cleanUp();
  expect(times).toBe(1);
});
