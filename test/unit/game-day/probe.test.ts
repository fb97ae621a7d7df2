import { expect, it } from 'vitest';
import { type Probe, type ProbeCall, startProbes, tryCall } from '../../../game-day/probe.ts';
import { holdsWithin, until } from '../../../operator/wait.ts';

const named = (name: string, message = 'no'): Error => Object.assign(new Error(message), { name });
const probe = (call: () => Promise<unknown>): Probe => ({ name: 'p', side: 'attacker', call });
const refusing = (error: unknown) => probe(() => Promise.reject(error));

it('tells a refusal from a failure', async () => {
  const outcome = async (one: Probe): Promise<ProbeCall['outcome']> =>
    (await tryCall(one, () => 7)).outcome;

  expect(await outcome(probe(async () => 1))).toBe('allowed');
  expect(await outcome(refusing(named('AccessDenied')))).toBe('denied');
  expect(await outcome(refusing(named('AccessDeniedException')))).toBe('denied');
  expect(await outcome(refusing(named('TimeoutError')))).toBe('failed');
  expect(await outcome(refusing('a text'))).toBe('failed');
});

it('notes when the call was sent, not when the answer came', async () => {
  let time = 100;
  const slow = probe(async () => {
    time = 900;
  });

  expect(await tryCall(slow, () => time)).toMatchObject({ at: 100, ms: 800 });
});

it('calls on its beat, and never again after it was stopped', async () => {
  const probing = startProbes([probe(async () => 1)], { now: Date.now, perSecond: 50 });
  await holdsWithin(async () => probing.calls.length >= 5, 60_000);
  await probing.stop();
  const made = probing.calls.length;
  await new Promise((resolve) => setTimeout(resolve, 60));

  expect(made).toBeGreaterThanOrEqual(5);
  expect(probing.calls).toHaveLength(made);
});

it('waiting gives up with the sentence it was given, and at once when it is interrupted', async () => {
  const never = async () => undefined;

  await expect(
    until(never, { within: 20, timeoutMessage: 'no incident: look at the queue' }),
  ).rejects.toThrow('no incident: look at the queue');
  await expect(
    until(never, {
      within: 5_000,
      timeoutMessage: 'x',
      signal: AbortSignal.abort(new Error('stopped by SIGINT')),
    }),
  ).rejects.toThrow('SIGINT');
});
