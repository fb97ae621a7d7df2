import { once } from 'node:events';
import { createServer } from 'node:net';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bringUp } from '../../../local/engine/bring-up.ts';
import { clientConfig } from '../../../local/engine/clients.ts';
import { freePort, portFree } from '../../../local/engine/port.ts';
import { startEngine } from '../../../local/engine/start.ts';
import { makeCheckout, processesOf, removeCheckout } from './checkout.ts';

let root: string;
beforeAll(async () => {
  root = await makeCheckout();
});
afterAll(() => removeCheckout(root));

describe('the engine', () => {
  it('answers on loopback, hands nothing of our environment to functions, and leaves no process', async () => {
    const { engine, connection } = await bringUp({
      root,
      port: await freePort(),
      env: { ...process.env, OUR_OWN_SECRET: 'x' },
    });

    const lambda = new LambdaClient(clientConfig(engine));
    const { Payload } = await lambda.send(
      new InvokeCommand({ FunctionName: connection.outputs.Small?.Keys ?? '' }),
    );
    const keys = Buffer.from(Payload ?? []).toString();
    // An ordinary user's function has two helpers that start and end with it.
    const workers = processesOf(root).filter(({ command }) => !command.includes('confined.py'));
    await engine.stop();

    expect(keys).toContain('AWS_LAMBDA_FUNCTION_NAME');
    expect(keys).not.toMatch(/OUR_OWN_SECRET|VITEST/);
    expect(workers).toHaveLength(2);
    expect(processesOf(root)).toEqual([]);
    expect(await portFree(engine.port)).toBe(true);
  });

  it('runs twice side by side, on two ports', async () => {
    const engines = await Promise.all([
      startEngine({ root, port: await freePort() }),
      startEngine({ root, port: await freePort() }),
    ]);

    const healths = await Promise.all(
      engines.map(({ endpoint }) => fetch(`${endpoint}/_ministack/health`).then(({ ok }) => ok)),
    );
    await Promise.all(engines.map((engine) => engine.stop()));

    expect(healths).toEqual([true, true]);
    expect(processesOf(root)).toEqual([]);
  });

  it('names the process that has the port, and what to do', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');

    const failure = startEngine({ root, port });

    await expect(failure).rejects.toThrow(
      new RegExp(`^port ${port} is in use by process ${process.pid} .*--port ${port + 10}$`),
    );
    other.close();
  });

  it('refuses a second start on its own port and goes on running', async () => {
    const port = await freePort();
    const engine = await startEngine({ root, port });

    await expect(startEngine({ root, port })).rejects.toThrow(
      `port ${port} already has a running cordon`,
    );
    await engine.stop();
  });

  it('shows the end of the log when the engine ends before it answers', async () => {
    const port = await freePort();

    await expect(startEngine({ root, port, python: '/bin/ls' })).rejects.toThrow(
      /ended by itself \(exit code 2\).*run-dir/s,
    );
    await expect(startEngine({ root, port, python: '/nowhere/python' })).rejects.toThrow(
      '/nowhere/python cannot be started',
    );
    const engine = await startEngine({ root, port });
    await engine.stop();
  });
});
