import { expect, it } from 'vitest';
import { takingBack } from '../../../game-day/taking-back.ts';

const busy = () => Promise.reject(new Error('it is busy'));

it('takes everything back, the last first', async () => {
  const { afterwards, takeBack } = takingBack();
  const done: string[] = [];
  for (const what of ['the user', 'the code', 'the item'])
    afterwards(what, async () => done.push(what));

  expect(await takeBack()).toEqual([]);
  expect(done).toEqual(['the item', 'the code', 'the user']);
});

it('tries each step although another failed, and says what is left and why', async () => {
  const { afterwards, takeBack } = takingBack();
  const done: string[] = [];
  afterwards('the user', async () => done.push('the user'));
  afterwards('the code', busy);
  afterwards('the queue', () => {
    throw new Error('no such queue');
  });
  afterwards('the item', async () => done.push('the item'));

  expect(await takeBack()).toEqual([
    'the queue could not be taken back: no such queue',
    'the code could not be taken back: it is busy',
  ]);
  expect(done).toEqual(['the item', 'the user']);
});

it('takes nothing back twice', async () => {
  const { afterwards, takeBack } = takingBack();
  let times = 0;
  afterwards('the item', async () => {
    times += 1;
  });

  for (let turn = 0; turn < 2; turn += 1) await takeBack();
  expect(times).toBe(1);
});
