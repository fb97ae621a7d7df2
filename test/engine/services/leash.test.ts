// What holds a server or task, alone: no engine, and no confinement that would end the program too,
// as on a machine with neither user namespaces nor another user id.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { processes } from '../../../local/engine/processes.ts';
import { temp } from '../../support/temp.ts';
import { eventually } from '../adapter/world.ts';

const leash = join(import.meta.dirname, '../../../local/engine/services/leash.py');

interface Held {
  readonly process: ChildProcess;
  readonly folder: string;
  /** The living processes of the program: each has the folder in its command line. */
  readonly living: () => readonly number[];
  readonly ended: () => Promise<number>;
}

/** Holds a shell that runs this script; `$0` in it is the folder. */
const hold = (script: string): Held => {
  const folder = join(mkdtempSync(join(temp('leash'), 'held-')), 'own');
  mkdirSync(folder);
  const command = ['/bin/sh', '-c', script, folder];
  const child = spawn('python3', ['-I', '-S', leash, folder, '15', ...command], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const living = () =>
    processes()
      .filter(({ pid, command: line }) => pid !== child.pid && line.includes(folder))
      .map(({ pid }) => pid);
  const exit = once(child, 'exit');
  return { process: child, folder, living, ended: async () => Number((await exit)[0]) };
};
const isRunning = (pids: readonly number[]): boolean => pids.length > 0;
const isEmpty = (pids: readonly number[]): boolean => pids.length === 0;
/** It would run for minutes, and starts nothing; the folder in its command tells it from others. */
const waits = 'exec python3 -I -S -c "import time; time.sleep(600)" "$0"';

describe.concurrent('a program on its leash', () => {
  test('ends with the engine, and its folder goes', async ({ expect }) => {
    const held = hold(waits);
    await eventually(async () => held.living(), isRunning);
    held.process.stdin?.end();
    await held.ended();
    expect([held.living(), existsSync(held.folder)]).toEqual([[], false]);
  });

  test('keeps its folder when it is only stopped', async ({ expect }) => {
    const held = hold(waits);
    await eventually(async () => held.living(), isRunning);
    held.process.kill('SIGTERM');
    expect(await held.ended()).toBe(128 + 15);
    expect([held.living(), existsSync(held.folder)]).toEqual([[], true]);
  });

  test('is killed when it ignores its signal, with all that it has started', async ({ expect }) => {
    const held = hold(`trap '' TERM; setsid sh -c "sleep 600; :" "$0" & ${waits.slice(5)}`);
    await eventually(
      async () => held.living(),
      (pids) => pids.length >= 2,
    );
    held.process.kill('SIGTERM');
    expect(await held.ended()).toBe(128 + 9);
    expect(held.living()).toEqual([]);
  });

  test('gives its exit code, and leaves no child behind', async ({ expect }) => {
    const held = hold('setsid sh -c "sleep 600; :" "$0" & exit 3');
    expect(await held.ended()).toBe(3);
    expect(held.living()).toEqual([]);
  });

  test('says by its code that it cannot be started', async ({ expect }) => {
    const child = spawn('python3', ['-I', '-S', leash, temp('none'), '15', '/of/nobody']);
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    expect(await once(child, 'close')).toEqual([127, null]);
    expect(said).toBe('/of/nobody cannot be started: No such file or directory\n');
  });
});

// Only the kernel of Linux can tell a program that what started it was killed.
describe.runIf(process.platform === 'linux')('a leash that is killed', () => {
  test('ends its program', async () => {
    const held = hold(waits);
    await eventually(async () => held.living(), isRunning);
    held.process.kill('SIGKILL');
    await eventually(async () => held.living(), isEmpty);
  });

  test('leaves no program behind, whenever it is killed during its start', async () => {
    const moments = Array.from({ length: 25 }, (_, index) => index * 4);
    const leashes = await Promise.all(
      moments.map(async (ms) => {
        const held = hold(waits);
        await sleep(ms);
        held.process.kill('SIGKILL');
        await held.ended();
        return held;
      }),
    );
    await eventually(async () => leashes.flatMap(({ living }) => living()), isEmpty);
    expect(leashes).toHaveLength(moments.length);
  });
});
