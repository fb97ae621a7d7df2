import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { expect, test } from 'vitest';
import { type Engine, startEngine } from './engine.ts';
import { eventually, makeFunction, makeRole } from './world.ts';

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith(
      'Z',
    );
  } catch {
    return false;
  }
};

/** The process id of a warm worker. */
const worker = async (engine: Engine): Promise<number> => {
  await makeFunction(
    engine,
    'warm',
    'export const handler = async () => process.pid;',
    await makeRole(engine, 'warm', []),
  );
  return Number(
    (
      await new LambdaClient(engine.client()).send(new InvokeCommand({ FunctionName: 'warm' }))
    ).Payload?.transformToString(),
  );
};

test.for(['SIGTERM', 'stdin', 'SIGKILL'] as const)(
  'after %s neither the engine nor a worker is left',
  async (how) => {
    const engine = await startEngine();
    const pid = await worker(engine);
    expect(alive(pid)).toBe(true);

    const gone = once(engine.process, 'exit');
    if (how === 'stdin') engine.process.stdin?.end();
    else engine.process.kill(how);
    await gone;

    expect(
      await eventually(
        async () => alive(pid),
        (living) => !living,
      ),
    ).toBe(false);
    await engine.stop();
  },
);

test('a call that is still running does not hold the engine', async () => {
  const engine = await startEngine();
  await makeFunction(
    engine,
    'slow',
    'export const handler = () => new Promise((done) => setTimeout(done, 55000));',
    await makeRole(engine, 'slow', []),
  );
  const lambda = new LambdaClient({ ...engine.client(), maxAttempts: 1 });
  const call = lambda.send(new InvokeCommand({ FunctionName: 'slow' })).then(
    ({ FunctionError }) => (FunctionError === undefined ? 'answered' : 'cut off'),
    () => 'cut off',
  );
  await new Promise((done) => setTimeout(done, 1000));

  const gone = once(engine.process, 'exit');
  engine.process.kill('SIGTERM');
  await gone;

  expect(await call).toBe('cut off');
  await engine.stop();
});

test('another version of the engine is refused, with what to do', async () => {
  const python = process.env.CORDON_TEST_PYTHON ?? '.cordon/venv/bin/python';
  const main = `${import.meta.dirname}/../../../local/engine/adapter/main.py`;
  const program = `import sys, runpy
from importlib import metadata
metadata.version = lambda _: '1.6.0'
sys.path.insert(0, '')
runpy.run_path(${JSON.stringify(main)}, run_name='__main__')`;

  const child = spawn(python, ['-c', program], { stdio: ['ignore', 'ignore', 'pipe'] });
  const [output, [code]] = await Promise.all([child.stderr.toArray(), once(child, 'exit')]);

  expect(code).toBe(1);
  expect(output.join('')).toMatch(/needs ministack 1\.5\.33, found 1\.6\.0 .*requirements\.txt/);
});
