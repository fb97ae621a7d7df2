import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { connect } from '../../../local/engine/connect.ts';
import { lockHolder } from '../../../local/engine/lock.ts';
import { freePort } from '../../../local/engine/port.ts';
import { processes } from '../../../local/engine/processes.ts';
import { sized } from '../../support/run.ts';
import {
  type Command,
  cordon,
  cordonWords,
  makeCheckout,
  processesOf,
  program,
  removeCheckout,
  repository,
  until,
} from './checkout.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const;
type Signal = (typeof signals)[number];
type Target = 'npm' | 'npx' | 'node' | 'engine' | 'worker';
type Moment = 'install' | 'synth' | 'start' | 'drill' | 'idle';
type Case = readonly [Moment, Target, Signal];

const targetsAt: Readonly<Record<Moment, readonly Target[]>> = {
  install: ['npm', 'npx', 'node'],
  synth: ['npm', 'npx', 'node'],
  start: ['npm', 'npx', 'node', 'engine'],
  drill: ['npm', 'npx', 'node', 'engine', 'worker'],
  idle: ['npm', 'npx', 'node', 'engine', 'worker'],
};
const moments: readonly Moment[] = ['install', 'synth', 'start', 'drill', 'idle'];
const everyCase = moments.flatMap((moment) =>
  targetsAt[moment].flatMap((target) => signals.map((name): Case => [moment, target, name])),
);
const fewCases: readonly Case[] = [
  ['install', 'node', 'SIGKILL'],
  ['synth', 'npm', 'SIGTERM'],
  ['start', 'engine', 'SIGKILL'],
  ['idle', 'worker', 'SIGKILL'],
];

/** What a person reads, as one line. */
const rows: string[] = [];
afterAll(() => {
  console.log(`What a signal leaves behind:\n${rows.join('\n')}`);
});

let root: string;
let port: number;
beforeEach(async () => {
  [root, port] = [await makeCheckout(), await freePort()];
});
afterEach(() => removeCheckout(root));

const venv = (): string => join(root, '.cordon/venv');

/** A checkout whose engine is not installed: the first package takes a while. */
const uninstall = (): (() => void) => {
  const lock = join(root, 'local/engine/requirements.txt');
  const text = readFileSync(lock, 'utf8');
  const six = /^six==(?:.*\\\n)+.*\n/m.exec(text)?.[0] ?? '';
  for (const link of [venv(), lock]) unlinkSync(link);
  writeFileSync(lock, six);
  return () => {
    for (const path of [venv(), lock]) rmSync(path, { recursive: true, force: true });
    symlinkSync(join(repository, '.cordon/venv'), venv());
    symlinkSync(join(repository, 'local/engine/requirements.txt'), lock);
  };
};

/** A checkout whose synthesis does not end. */
const slowDown = (): (() => void) => {
  const app = join(root, 'infra/app.ts');
  const text = readFileSync(app, 'utf8');
  writeFileSync(app, `${text}\nsetTimeout(() => undefined, 600_000);\n`);
  return () => writeFileSync(app, text);
};

const prepare: Readonly<Record<Moment, () => () => void>> = {
  install: uninstall,
  synth: slowDown,
  start: () => () => undefined,
  drill: () => () => undefined,
  idle: () => () => undefined,
};

const runs = (text: string): boolean =>
  processesOf(root).some(({ command }) => command.includes(text));
const begun: Readonly<Record<Moment, (up: Command) => boolean>> = {
  install: () => runs('/.cordon/venv'),
  synth: () =>
    existsSync(join(root, '.cordon/synth')) &&
    readdirSync(join(root, '.cordon/synth')).some((name) => name.endsWith('.half')),
  start: () => runs('adapter/main.py'),
  drill: (up) => up.stderr().includes('drill'),
  idle: (up) => up.stderr().includes('Ctrl-C stops everything'),
};

const startBy = (target: Target, moment: Moment): Command => {
  const args = ['up', '--port', String(port), ...(moment === 'drill' ? [] : ['--no-drill'])];
  if (target === 'npm') return program(root, ['npm', 'run', 'cordon', '--', ...args]);
  if (target === 'npx') return program(root, ['npx', '--no', 'cordon', ...args]);
  return program(root, [...cordonWords, ...args]);
};

const pidOf = async (target: Target, up: Command): Promise<number> => {
  if (target === 'worker') await callFunction();
  const wanted = target === 'engine' ? 'adapter/main.py' : '_worker.js';
  if (target !== 'engine' && target !== 'worker') return up.child.pid ?? 0;
  return processesOf(root).find(({ command }) => command.includes(wanted))?.pid ?? 0;
};

/** Calls the function once, so that a worker process is there. */
const callFunction = async (): Promise<void> => {
  const connection = connect({ root, port });
  await new LambdaClient(clientConfig(connection)).send(
    new InvokeCommand({ FunctionName: connection.outputs.Small?.Keys ?? '' }),
  );
};

/** The command itself, also where npm has started it. */
const commands = (): readonly number[] =>
  processes()
    .filter(({ command }) => command.includes('cli/cordon.ts') && command.includes(String(port)))
    .map(({ pid }) => pid);

const livingLocks = (): readonly string[] =>
  readdirSync(join(root, '.cordon'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.(lock|starting)$/.test(name) && lockHolder(join(root, '.cordon', name)),
  );

const sentenceOf = (up: Command): string =>
  up
    .stderr()
    .split('\n')
    .find((line) => line.startsWith('cordon: ')) ?? '(nothing)';

describe('a signal', () => {
  it.each(
    sized(
      fewCases,
      everyCase.filter(([moment]) => moment !== 'drill'),
    ),
  )(
    'during %s to %s: %s leaves nothing behind, and the next start works',
    async (moment, target, name) => {
      const repair = prepare[moment]();
      const up = startBy(target, moment);
      await until(() => begun[moment](up) || up.child.exitCode !== null);
      process.kill(await pidOf(target, up), name);
      if (target === 'worker') for (const pid of commands()) process.kill(pid, 'SIGTERM');
      const code = await up.ended();
      await until(() => [...processesOf(root), ...commands()].length === 0);
      const locks = livingLocks();
      repair();

      const next = cordon(root, 'up', '--exit', '--no-drill', '--port', String(port));
      const nextCode = await next.ended();

      const works = nextCode === 0 ? 'works' : sentenceOf(next);
      rows.push(
        [moment, target, name, `exit ${code}`, sentenceOf(up), `next: ${works}`].join(' | '),
      );
      expect({ locks, works, left: processesOf(root) }).toEqual({
        locks: [],
        works: 'works',
        left: [],
      });
      expect(up.stderr()).not.toMatch(/\n\s+at /);
    },
  );
});

describe('cordon down', () => {
  it('stops a first install', async () => {
    const repair = uninstall();
    const up = startBy('node', 'install');
    await until(() => begun.install(up));

    const down = cordon(root, 'down', '--json');

    expect(await down.ended()).toBe(0);
    expect(JSON.parse(down.stdout())).toEqual({
      runs: [{ port, did: `stopped cordon (process ${up.child.pid}), which was still starting` }],
    });
    expect(await up.ended()).toBe(1);
    expect(up.stderr()).toMatch(/\ncordon: stopped before it was ready\n$/);
    expect({ left: processesOf(root), locks: livingLocks() }).toEqual({ left: [], locks: [] });
    repair();
  });

  it('stops an engine that hangs, and other commands say so instead of waiting', async () => {
    const up = startBy('node', 'idle');
    await until(() => begun.idle(up));
    const engine = await pidOf('engine', up);
    writeFileSync(
      join(root, `.cordon/run-${port}/outputs.json`),
      '{"CordonResponse":{"ReaderRoleArn":"arn:aws:iam::000000000000:role/reader"}}',
    );
    process.kill(engine, 'SIGSTOP');

    const incidents = cordon(root, 'incidents');
    const code = await incidents.ended();
    const down = cordon(root, 'down', '--port', String(port));

    expect({ code, said: incidents.stderr() }).toEqual({
      code: 1,
      said:
        `cordon: the engine on port ${port} (process ${engine}) does not answer: stop it with ` +
        `"cordon down --port ${port}", then start it again\n`,
    });
    expect(await down.ended()).toBe(0);
    expect(await up.ended()).toBe(0);
    expect(processesOf(root)).toEqual([]);
  });
});
