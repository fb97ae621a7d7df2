import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { startersOf } from '../../../cli/parent.ts';
import { freePort } from '../../../local/engine/port.ts';
import { type Process, processes, signal } from '../../../local/engine/processes.ts';
import { until } from '../../engine/launcher/checkout.ts';
import {
  asOld,
  command,
  environmentOf,
  makeRunning,
  receive,
  repository,
} from '../../support/cli/running.ts';

/** Processes of the command, and of what started it, that belong to the run on this port. */
const processesOn = (port: number) =>
  processes().filter(({ command: line }) => line.includes(`--port ${port}`));

const started: number[] = [];
afterEach(() => {
  for (const port of started.splice(0))
    for (const { pid } of processesOn(port)) signal(pid, 'SIGKILL');
});

interface Started {
  readonly child: ChildProcess;
  readonly port: number;
  receive(name: string): void;
  /** Waits until the command prints the mail of this name. */
  printed(name: string): Promise<void>;
}

/** Starts something that follows the mails of a run, and waits until the command is at work. */
const follow = async (
  words: (port: number) => readonly string[],
  options: { detached?: boolean; env?: Record<string, string> } = {},
): Promise<Started> => {
  const port = await freePort();
  const { root, runDir } = makeRunning('parent', port);
  started.push(port);
  receive(runDir, 'first', 'x');
  const [file = '', ...rest] = words(port);
  const child = spawn(file, rest, {
    cwd: repository,
    detached: options.detached,
    env: { ...environmentOf(root), ...options.env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const printed = (name: string): Promise<void> =>
    until(() => output.includes(`\n${name}\n`), 60_000);
  await printed('first');
  return { child, port, printed, receive: (name) => receive(runDir, name, 'x') };
};

const arguments_ = (port: number) => ['mail', '--follow', 'yes', '--port', String(port)];
const cordon = `'${command.join("' '")}'`;
const shell = (script: string) => (port: number) => [
  'sh',
  '-c',
  script.replace('CORDON', `${cordon} ${arguments_(port).join(' ')}`),
];

it.each([
  ['npm run', 'SIGTERM', (port: number) => ['npm', 'run', 'cordon', '--', ...arguments_(port)]],
  ['npm run', 'SIGKILL', (port: number) => ['npm', 'run', 'cordon', '--', ...arguments_(port)]],
  ['npx', 'SIGTERM', (port: number) => ['npx', 'cordon', ...arguments_(port)]],
  ['npx', 'SIGKILL', (port: number) => ['npx', 'cordon', ...arguments_(port)]],
] as const)('what %s started ends when that is ended by %s', async (_name, how, words) => {
  const { child, port } = await follow(words);
  child.kill(how);

  await until(() => processesOn(port).length === 0, 60_000);
  expect(processesOn(port)).toEqual([]);
});

it('what an old Node.js has handed on ends when that is killed', async () => {
  const old = [process.execPath, ...asOld, join(repository, 'cli/cordon.mjs')];
  const { child, port } = await follow((port) => [...old, ...arguments_(port)]);
  expect(processesOn(port).length).toBeGreaterThan(1);
  child.kill('SIGKILL');

  await until(() => processesOn(port).length === 0, 60_000);
  expect(processesOn(port)).toEqual([]);
});

it('what a shell started goes on when the shell ends, also with variables of an npm of long ago', async () => {
  const env = { npm_lifecycle_event: 'start' };
  const run = await follow(shell('CORDON & read line'), { detached: true, env });
  const ended = once(run.child, 'exit');
  run.child.stdin?.end('\n');
  await ended;
  await sleep(3_000); // the command looks at its starters every second

  run.receive('second');
  await run.printed('second');
});

/** A command (process 40) below the processes of these command lines, the nearest first. */
const below = (...lines: readonly (readonly [command: string, group?: number])[]) => {
  const table = new Map<number, Process>();
  [['node cordon.ts up', 7] as const, ...lines].forEach(([line, group = 7], index) => {
    const pid = 40 - index;
    table.set(pid, { pid, parent: pid - 1, group, born: 'x', command: line });
  });
  return (env: Record<string, string>) =>
    startersOf(40, env, (pid) => table.get(pid)).map(({ pid }) => pid);
};
const ofNpm = { npm_lifecycle_event: 'start' };

it.each([
  [['npm start']],
  [['node /usr/bin/npx cordon up']],
  [['node /opt/lib/npm-cli.js start']],
  [['node /opt/pnpm.cjs start']],
  [['yarn start']],
])('%j is what started the command', ([line = '']) => {
  expect(below([line], ['bash', 1])(ofNpm)).toEqual([39]);
});

it('the shell between is one of the starters, what started npm is none', () => {
  expect(below(['sh -c cordon up'], ['npm start'], ['bash run.sh'])(ofNpm)).toEqual([39, 38]);
});

it('nothing is watched without the variables of npm, or without npm', () => {
  expect(below(['npm start'])({})).toEqual([]);
  expect(below(['bash run.sh'], ['bash /home/npm/run.sh'])(ofNpm)).toEqual([]);
  expect(below()(ofNpm)).toEqual([]);
});

it('nothing is watched from another process group, as after setsid or in a shell with jobs', () => {
  expect(below(['sh -c setsid cordon up', 1], ['npm start', 1])(ofNpm)).toEqual([]);
  expect(below(['bash', 6], ['npm exec bash', 5])(ofNpm)).toEqual([]);
});
