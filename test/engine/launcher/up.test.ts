import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Command as Cli } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type UpDeps, up } from '../../../cli/up.ts';
import { clientConfig } from '../../../local/engine/clients.ts';
import { connect } from '../../../local/engine/connect.ts';
import { freePort, portFree } from '../../../local/engine/port.ts';
import { noClocks } from '../../../responders/incident/case.ts';
import { environmentOf } from '../../support/cli/running.ts';
import { sized } from '../../support/run.ts';
import {
  type Command,
  cordon,
  makeCheckout,
  processesOf,
  removeCheckout,
  repository,
  until,
} from './checkout.ts';
import { inTerminal } from './in-terminal.ts';

let root: string;
let port: number;
beforeEach(async () => {
  [root, port] = [await makeCheckout(), await freePort()];
});
afterEach(() => removeCheckout(root));

const READY = 'Ctrl-C stops everything';
const start = async (): Promise<Command> => {
  const up = cordon(root, 'up', '--no-drill', '--port', String(port));
  await until(() => up.stderr().includes(READY) || up.child.exitCode !== null);
  expect(up.stderr()).toContain(READY);
  return up;
};

/** Calls the function once, so that a worker process is there to be left behind. */
const callFunction = async (): Promise<void> => {
  const connection = connect({ root, port });
  const command = new InvokeCommand({ FunctionName: connection.outputs.Small?.Keys ?? '' });
  expect((await new LambdaClient(clientConfig(connection)).send(command)).StatusCode).toBe(200);
};

describe('cordon up', () => {
  it('prints one JSON document on stdout and stops everything with --exit', async () => {
    const up = cordon(root, 'up', '--exit', '--no-drill', '--json', '--port', String(port));

    expect(await up.ended()).toBe(0);
    const document: unknown = JSON.parse(up.stdout());
    expect(document).toMatchObject({
      port,
      account: '000000000000',
      outputs: { Small: { Keys: expect.any(String) } },
      drill: null,
    });
    expect(document).toMatchObject({
      corrections: expect.arrayContaining(['condition_keys']),
      notProven: expect.arrayContaining([expect.any(String)]),
    });
    expect(up.stderr()).toMatch(/engine ready \(\d+\.\d s\)/);
    expect(processesOf(root)).toEqual([]);
  });

  it('can be found while it runs, and stops everything when asked to end', async () => {
    const up = await start();

    expect(connect({ root }).outputs.Small?.Keys).toBeTruthy();
    expect(await cordon(root, 'up', '--port', String(port)).ended()).toBe(1);
    up.child.kill('SIGHUP');

    expect(await up.ended()).toBe(0);
    expect(processesOf(root)).toEqual([]);
    expect(() => connect({ root })).toThrow('cordon is not running: start it with "cordon up"');
  });

  it('killed by force takes its engine along, and the next start heals what is left', async () => {
    const up = await start();

    await callFunction();
    up.child.kill('SIGKILL');
    await until(() => processesOf(root).length === 0);
    expect(existsSync(join(root, `.cordon/run-${port}/up.json`))).toBe(true);

    const next = await start();
    next.child.kill('SIGTERM');
    expect(await next.ended()).toBe(0);
    expect(processesOf(root)).toEqual([]);
  });

  it('says so, with the end of the log, when its engine is killed', async () => {
    const up = await start();

    await callFunction();
    const engine = processesOf(root).find(({ command }) => command.includes('adapter/main.py'));
    if (!engine) throw new Error('the engine is running');
    process.kill(engine.pid, 'SIGKILL');

    expect(await up.ended()).toBe(1);
    expect(up.stderr()).toMatch(
      /cordon: the engine ended by itself \(SIGKILL\); the end of its log/,
    );
    expect(up.stderr()).not.toMatch(/\n\s+at /);
    expect(processesOf(root)).toEqual([]);
  });

  it('is stopped and cleaned by cordon down', async () => {
    const up = await start();

    const down = cordon(root, 'down', '--json');

    expect(await down.ended()).toBe(0);
    expect(JSON.parse(down.stdout())).toEqual({
      runs: [{ port, did: `stopped cordon (process ${up.child.pid}), removed its folder` }],
    });
    expect(await up.ended()).toBe(0);
    expect(await portFree(port)).toBe(true);
    expect(existsSync(join(root, `.cordon/run-${port}`))).toBe(false);
  });

  it('names a stack that cannot be deployed and leaves nothing', async () => {
    const app = join(root, 'infra/app.ts');
    const twin =
      '"Twin":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":"cdk-hnb659fds-assets-000000000000-us-east-1"}},';
    writeFileSync(app, readFileSync(app, 'utf8').replace('"Resources":{', `"Resources":{${twin}`));

    const up = cordon(root, 'up', '--exit', '--no-drill', '--port', String(port));

    expect(await up.ended()).toBe(1);
    expect(up.stderr()).toMatch(
      /cordon: stack Small could not be deployed \(ROLLBACK_COMPLETE\):\n {2}Twin \(AWS::S3::Bucket\): .*already exists/,
    );
    expect(processesOf(root)).toEqual([]);
  });
});

describe('the first drill', () => {
  const drill = {
    scenario: 'one',
    incidentId: 'inc-1',
    checks: [{ name: 'containment is fast' as const, passed: false, detail: 'by nothing' }],
    clocks: {
      ...noClocks(),
      injected: null,
      lastAllowed: null,
      firstDenied: null,
      openAgain: null,
    },
    restored: true,
  };
  const runWith = async (
    firstDrill: UpDeps['firstDrill'],
    signal = new AbortController().signal,
  ) => {
    const said = { code: -1, stdout: '', stderr: '' };
    const program = new Cli().exitOverride();
    up(program.command('up'), {
      root,
      env: process.env,
      debug: false,
      signal,
      streams: {
        stdout: (text) => void Object.assign(said, { stdout: said.stdout + text }),
        stderr: (text) => void Object.assign(said, { stderr: said.stderr + text }),
        interactive: false,
      },
      exit: (code) => void Object.assign(said, { code }),
      firstDrill,
    });
    await program.parseAsync(['up', '--exit', '--port', String(port)], { from: 'user' });
    return said;
  };

  it('decides the exit code, and says what it checked', async () => {
    const scored =
      (passed: boolean): UpDeps['firstDrill'] =>
      ({ endpoint: detail }) =>
        Promise.resolve({
          ...drill,
          passed,
          checks: drill.checks.map((one) => ({ ...one, passed, detail })),
        });
    expect(await runWith(scored(false))).toMatchObject({
      code: 3,
      stdout: expect.stringContaining(
        `Drill one: FAILED, 0 of 1 checks passed; first failed: containment is fast (incident inc-1; everything is as before)\n  ✘ containment is fast: http://127.0.0.1:${port}\n`,
      ),
    });
    expect(await runWith(scored(true))).toMatchObject({ code: 0 });
    expect(processesOf(root)).toEqual([]);
  });

  it('that is interrupted says nothing of the engine that is stopped under it', async () => {
    const stop = new AbortController();
    const { code, stderr } = await runWith((_connection, progress) => {
      progress('the attack is under way');
      stop.abort(new Error('stopped by SIGINT'));
      progress('the release failed: connect ECONNREFUSED');
      return new Promise(() => undefined);
    }, stop.signal);

    expect(code).toBe(1);
    expect(stderr).toContain('the attack is under way');
    expect(stderr).toMatch(/stopping\ncordon: stopped before the drill was scored\n$/);
    expect(stderr).not.toContain('ECONNREFUSED');
    expect(processesOf(root)).toEqual([]);
  });
});

describe('this repository', () => {
  it('starts as README says: 40 lines of 80 columns, the last of which say what is left', async () => {
    const port = await freePort();
    const services = join(repository, '.cordon/services');
    const fetched = () => (existsSync(services) ? readdirSync(services).sort() : []);
    const before = fetched();
    const { code, lines } = await inTerminal(
      ['npm', 'start', '--', '--exit', '--port', String(port)],
      { columns: 80, cwd: repository, env: environmentOf(repository) },
    );

    expect(lines.join('\n')).toMatch(/^Drill lambda-credential-theft: passed, /m);
    expect(code).toBe(0);
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.slice(-4)).toEqual([
      'Stopped, as --exit asked; incidents, mails and evidence of this run are gone.',
      `Kept: outputs, checks, clocks and limits in .cordon/up-${port}.txt`,
      'Kept: the score of the drill, in npx cordon drill history',
      'Start again and look around: npx cordon up',
    ]);
    expect(readFileSync(join(repository, `.cordon/up-${port}.txt`), 'utf8')).toContain(
      'Not proven by a local run:',
    );
    // No system was chosen: no server was fetched, and the engine was told of none to start.
    expect(fetched()).toEqual(before);
    expect(existsSync(join(repository, `.cordon/run-${port}/engine.log`))).toBe(true);
    expect(existsSync(join(repository, `.cordon/run-${port}/services.json`))).toBe(false);
  });

  /** A program that takes a port of the block after all were seen to be free. */
  const upBeside = async (offset: number) => {
    const port = await freePort();
    const run = cordon(repository, 'up', '--exit', '--no-drill', '--json', '--port', String(port));
    await until(() => run.stderr().includes('engine ready') || run.child.exitCode !== null);
    const other = createServer().listen(port + offset, '127.0.0.1');
    await once(other, 'listening');
    const code = await run.ended();
    other.close();
    await cordon(repository, 'down', '--port', String(port)).ended();
    const document: unknown = JSON.parse(run.stdout());
    const taken = `port ${port + offset} is in use by process ${process.pid} `;
    return { code, document, said: run.stderr(), taken };
  };

  it.each(sized([2, 6], [2, 3, 4, 5, 6]))(
    'ends in one line where a program takes port %s',
    async (offset) => {
      const { code, document, said, taken } = await upBeside(offset);

      expect(code).toBe(1);
      expect(document).toEqual({ error: expect.stringContaining(taken) });
      expect(said.split('\n').filter((line) => line.startsWith('cordon: '))).toHaveLength(1);
    },
  );
});
