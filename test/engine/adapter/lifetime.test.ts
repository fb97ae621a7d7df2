import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { expect, test } from 'vitest';
import { processes } from '../../../local/engine/processes.ts';
import { type Engine, startEngine } from './engine.ts';
import { eventually, makeFunction, makeRole } from './world.ts';

/** Starts a function; tells how many processes of it live, its helpers included. */
const startWorker = async (engine: Engine): Promise<() => number> => {
  await makeFunction(
    engine,
    'warm',
    'export const handler = async () => process.pid;',
    await makeRole(engine, 'warm', []),
  );
  await new LambdaClient(engine.client()).send(new InvokeCommand({ FunctionName: 'warm' }));
  const code = join(engine.runDir, 'tmp/ministack-lambda-warm-');
  return () => processes().filter(({ command }) => command.includes(code)).length;
};

test.for(['SIGTERM', 'stdin', 'SIGKILL'] as const)(
  'after %s neither the engine nor a worker is left',
  async (how) => {
    const engine = await startEngine();
    const living = await startWorker(engine);
    expect(living()).toBeGreaterThan(0);

    const gone = once(engine.process, 'exit');
    if (how === 'stdin') engine.process.stdin?.end();
    else engine.process.kill(how);
    await gone;

    expect(
      await eventually(
        async () => living(),
        (count) => count === 0,
      ),
    ).toBe(0);
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
