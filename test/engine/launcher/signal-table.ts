// What a signal to a process of a run leaves behind, and whether the next start works. The moments
// before a drill need a small application only; a drill needs a whole Cordon.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { connect } from '../../../local/engine/connect.ts';
import { lockHolder } from '../../../local/engine/lock.ts';
import { freePort } from '../../../local/engine/port.ts';
import { processes, signal } from '../../../local/engine/processes.ts';
import {
  type Command,
  cordon,
  cordonWords,
  makeCheckout,
  makeWholeCheckout,
  processesOf,
  program,
  removeCheckout,
  repository,
  until,
  writeSmallApp,
} from './checkout.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGKILL'] as const;
type Signal = (typeof signals)[number];
/** `down` is the command that stops the run. */
type Target = 'npm' | 'npx' | 'node' | 'engine' | 'worker' | 'down';
type Moment = 'install' | 'synth' | 'start' | 'drill' | 'idle' | 'stop';
export type Case = readonly [Moment, Target, Signal];

const targetsAt: Readonly<Record<Moment, readonly Target[]>> = {
  install: ['npm', 'npx', 'node'],
  synth: ['npm', 'npx', 'node'],
  start: ['npm', 'npx', 'node', 'engine'],
  drill: ['npm', 'npx', 'node', 'engine', 'worker'],
  idle: ['npm', 'npx', 'node', 'engine', 'worker'],
  stop: ['npm', 'npx', 'node', 'engine', 'worker', 'down'],
};

/** Every signal to every process that is there at these moments. */
export const everyCaseAt = (...moments: readonly Moment[]): readonly Case[] =>
  moments.flatMap((moment) =>
    targetsAt[moment].flatMap((target) => signals.map((name): Case => [moment, target, name])),
  );

/** A run at the moment at which a signal comes. */
interface Scene {
  readonly root: string;
  readonly port: number;
  readonly up: Command;
  readonly down?: Command;
}

const venvOf = (root: string): string => join(root, '.cordon/venv');

/** A checkout whose engine is not installed: the first package takes a while. */
export const uninstall = (root: string): (() => void) => {
  const lock = join(root, 'local/engine/requirements.txt');
  const text = readFileSync(lock, 'utf8');
  const six = /^six==(?:.*\\\n)+.*\n/m.exec(text)?.[0] ?? '';
  for (const link of [venvOf(root), lock]) unlinkSync(link);
  writeFileSync(lock, six);
  return () => {
    // An installer that starts now would take over the lock of one that was killed.
    for (const path of [venvOf(root), `${venvOf(root)}.lock`, lock])
      rmSync(path, { recursive: true, force: true });
    symlinkSync(join(repository, '.cordon/venv'), venvOf(root));
    symlinkSync(join(repository, 'local/engine/requirements.txt'), lock);
  };
};

/** A checkout whose synthesis does not end. */
const slowDown = (root: string): (() => void) => {
  const app = join(root, 'infra/app.ts');
  const text = readFileSync(app, 'utf8');
  writeFileSync(app, `${text}\nsetTimeout(() => undefined, 600_000);\n`);
  return () => writeFileSync(app, text);
};

/** What a signal leaves behind is the same for any application, and the small one is quick. */
const shrink = (root: string) => (): void => {
  unlinkSync(join(root, 'infra'));
  mkdirSync(join(root, 'infra'));
  writeSmallApp(root);
};

const nothing = (): (() => void) => () => undefined;
const prepare: Readonly<Record<Moment, (root: string) => () => void>> = {
  install: uninstall,
  synth: slowDown,
  start: nothing,
  drill: shrink,
  idle: nothing,
  stop: nothing,
};

const runs = (root: string, text: string): boolean =>
  processesOf(root).some(({ command }) => command.includes(text));
export const begun: Readonly<Record<Moment, (scene: Scene) => boolean>> = {
  install: ({ root }) => runs(root, '/.cordon/venv'),
  synth: ({ root }) =>
    existsSync(join(root, '.cordon/synth')) &&
    readdirSync(join(root, '.cordon/synth')).some((name) => name.endsWith('.half')),
  start: ({ root }) => runs(root, 'adapter/main.py'),
  drill: ({ up }) => up.stderr().includes('waiting for evidence'),
  idle: ({ up }) => up.stderr().includes('Ctrl-C stops everything'),
  stop: ({ up }) => up.stderr().includes('\n  stopping\n'),
};

/** Starts the command as a person would, by npm, by npx or by Node.js alone. */
export const startBy = (target: Target, moment: Moment, root: string, port: number): Command => {
  const args = ['up', '--port', String(port), ...(moment === 'drill' ? [] : ['--no-drill'])];
  const variables = { TMPDIR: join(root, 'tmp') };
  mkdirSync(variables.TMPDIR, { recursive: true });
  if (target === 'npm') return program(root, ['npm', 'run', 'cordon', '--', ...args], variables);
  if (target === 'npx') return program(root, ['npx', '--no', 'cordon', ...args], variables);
  return program(root, [...cordonWords, ...args], variables);
};

/** Calls the function once, so that a worker process is there. */
const callFunction = async (root: string, port: number): Promise<void> => {
  const connection = connect({ root, port });
  await new LambdaClient(clientConfig(connection)).send(
    new InvokeCommand({ FunctionName: connection.outputs.Small?.Keys ?? '' }),
  );
};

const begin = async (moment: Moment, target: Target, root: string): Promise<Scene> => {
  const port = await freePort();
  const up = startBy(target, moment, root, port);
  const scene = { root, port, up };
  const first = moment === 'stop' ? 'idle' : moment;
  await until(() => begun[first](scene) || up.child.exitCode !== null, 500_000);
  if (target === 'worker' && moment !== 'drill') await callFunction(root, port);
  if (moment !== 'stop') return scene;
  const down = cordon(root, 'down', '--port', String(port));
  await until(() => begun.stop(scene) || up.child.exitCode !== null);
  return { ...scene, down };
};

const pidOf = (target: Target, { root, up, down }: Scene): number | undefined => {
  if (target === 'down') return down?.child.pid;
  if (target !== 'engine' && target !== 'worker') return up.child.pid;
  const wanted = target === 'engine' ? 'adapter/main.py' : '_worker.js';
  return processesOf(root).find(({ command }) => command.includes(wanted))?.pid;
};

/** The command and what has started it, such as npm. */
const commandsOn = (port: number): readonly number[] =>
  processes()
    .filter(({ command }) => command.includes(`--port ${port}`))
    .map(({ pid }) => pid);

const namesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' });

const livingLocks = (root: string): readonly string[] =>
  namesIn(join(root, '.cordon')).filter(
    (name) => /\.(lock|starting)$/.test(name) && lockHolder(join(root, '.cordon', name)),
  );

/** What no run needs once another one has come and gone. */
const litterIn = (root: string): readonly string[] => [
  ...readdirSync(join(root, 'tmp')),
  ...namesIn(join(root, '.cordon')).filter((name) =>
    /\.(half|lock|starting|tmp)$|\.stale-\d+$|probe-\d+$/.test(name),
  ),
];

const sentenceOf = (up: Command): string =>
  up
    .stderr()
    .split('\n')
    .find((line) => line.startsWith('cordon: ')) ?? '(nothing)';

/** A part of the sentence that a person must read; where the run was to end, nothing is said. */
const sentenceFor = ([moment, target, name]: Case): string => {
  const isKilled = target === 'node' && (name === 'SIGKILL' || name === 'SIGQUIT');
  if (isKilled || moment === 'stop') return '(nothing)';
  if (target === 'engine') return 'the engine ended by itself (';
  return isReady(moment) ? '(nothing)' : 'stopped before it was ready';
};

const isReady = (moment: Moment): boolean => moment === 'idle' || moment === 'drill';

const endOf = (code: number): string => (code === -1 ? 'killed' : `exit ${code}`);

const sendSignal = async ([moment, target, name]: Case, scene: Scene): Promise<void> => {
  const { root, port } = scene;
  const pid = pidOf(target, scene);
  if (pid !== undefined) signal(pid, name);
  // npx and its shell wait for the command, to which Ctrl-C in a terminal goes as well.
  if (target === 'npx' && name === 'SIGINT')
    for (const command of commandsOn(port)) signal(command, name);
  if (target !== 'worker' || moment === 'stop') return;
  if (moment === 'idle') await callFunction(root, port); // by another worker
  for (const command of commandsOn(port)) signal(command, 'SIGTERM');
};

const meet = async (met: Case, root: string): Promise<{ row: string; seen: unknown }> => {
  const [moment, target] = met;
  const repair = prepare[moment](root);
  const scene = await begin(moment, target, root);
  const { port, up, down } = scene;
  await sendSignal(met, scene);
  const end = endOf(await up.ended());
  await down?.ended();
  await until(() => [...processesOf(root), ...commandsOn(port)].length === 0);
  const locks = livingLocks(root);
  repair();

  const next = cordon(root, 'up', '--exit', '--no-drill', '--port', String(port));
  const works = (await next.ended()) === 0 ? 'works' : sentenceOf(next);
  const left = [...processesOf(root).map(({ command }) => command), ...litterIn(root)];
  const trace = /\n\s+at .*/.exec(up.stderr())?.[0] ?? '';
  const row = [...met, end, sentenceOf(up), left.join(', ') || 'nothing', works].join(' | ');
  return { row, seen: { locks, left, works, trace, said: sentenceOf(up) } };
};

/** A test for each case, and after them the table that a person reads. */
export const signalTable = (cases: readonly Case[]): void => {
  const rows = ['moment | process | signal | end | sentence | left behind | next start'];
  afterAll(() => {
    process.stdout.write(`${rows.join('\n')}\n`);
  });
  const leavesNothing = async (...met: Case): Promise<void> => {
    const root = met[0] === 'drill' ? await makeWholeCheckout() : await makeCheckout();
    try {
      const { row, seen } = await meet(met, root);
      rows.push(row);
      expect(seen).toEqual({
        ...{ locks: [], left: [], works: 'works', trace: '' },
        said: expect.stringContaining(sentenceFor(met)),
      });
    } finally {
      await removeCheckout(root);
    }
  };
  // What hangs fails also where nothing else has a limit.
  it.each(cases)('during %s to %s: %s leaves nothing behind', leavesNothing, 300_000);
};
