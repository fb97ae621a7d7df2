import { expect, it } from 'vitest';
import { type CommandDeps, finish, finishItself } from '../../../cli/verb.ts';

const listen = () => {
  const stop = new AbortController();
  const said = { code: -1, stderr: '' };
  const deps: CommandDeps = {
    root: '/x',
    env: {},
    debug: false,
    signal: stop.signal,
    streams: {
      stdout: () => undefined,
      stderr: (text) => void Object.assign(said, { stderr: said.stderr + text }),
      interactive: false,
    },
    exit: (code) => void Object.assign(said, { code }),
  };
  return { said, deps, interrupt: () => stop.abort(new Error('stopped by SIGINT')) };
};
const never = () => new Promise<0>(() => undefined);

it('a command that waits ends at once when it is interrupted, and says so', async () => {
  const { said, deps, interrupt } = listen();
  const ended = finish(deps, {}, never);
  interrupt();
  await ended;

  expect(said).toEqual({ code: 1, stderr: 'cordon: stopped by SIGINT\n' });
});

it('a command that was interrupted before it began does not wait', async () => {
  const { said, deps, interrupt } = listen();
  interrupt();
  await finish(deps, {}, never);

  expect(said.code).toBe(1);
});

it('a command that has something to put back is left the time for it', async () => {
  const { said, deps, interrupt } = listen();
  const ended = finishItself(deps, {}, async () => {
    await new Promise((resolve) => deps.signal.addEventListener('abort', resolve));
    return 3;
  });
  interrupt();
  await ended;

  expect(said).toEqual({ code: 3, stderr: '' });
});
