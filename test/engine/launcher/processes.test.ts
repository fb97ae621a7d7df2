import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { heal, leftoverGroups } from '../../../local/engine/leftovers.ts';
import { endGroup, parsePs, processes, processOf } from '../../../local/engine/processes.ts';
import { temp } from '../../support/temp.ts';

describe('processes', () => {
  it('are read from ps where there is no /proc, without the dead', () => {
    const table = `    1     0     1 Ss   Fri Nov 20 09:03:01 2026     /sbin/launchd
  501     1   500 S+   Sat Nov 21 10:37:00 2026     /opt/homebrew/bin/python main.py --run-dir /Users/a b/.cordon/run-4566
  502   501   500 Z    Sat Nov 21 10:37:09 2026     (node)
`;

    expect(parsePs(table)).toEqual([
      { pid: 1, parent: 0, group: 1, born: 'Fri Nov 20 09:03:01 2026', command: '/sbin/launchd' },
      {
        pid: 501,
        parent: 1,
        group: 500,
        born: 'Sat Nov 21 10:37:00 2026',
        command: '/opt/homebrew/bin/python main.py --run-dir /Users/a b/.cordon/run-4566',
      },
    ]);
  });

  it('end as a group, by force when they do not listen', async () => {
    const deaf = `trap '' TERM; sleep 30 & echo ready; while :; do sleep 0.1; done`;
    const shell = spawn('/bin/sh', ['-c', deaf], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(shell.stdout, 'data');

    expect(await endGroup(shell.pid ?? 0, 200)).toBeGreaterThanOrEqual(2);

    expect(processes().filter(({ group }) => group === shell.pid)).toEqual([]);
  });
});

describe('leftovers', () => {
  it('are only what a run of this checkout started, even when something else names its folder', async () => {
    const root = temp('leftovers');
    const dir = join(root, '.cordon/run-4600');
    mkdirSync(join(dir, 'tmp'), { recursive: true });
    writeFileSync(join(dir, 'engine.log'), '');
    const worker = spawn(
      process.execPath,
      ['-e', 'setInterval(() => {}, 1000)', join(dir, 'tmp/ministack-lambda-x/_worker.js')],
      {
        detached: true,
      },
    );
    const reader = spawn('tail', ['-f', join(dir, 'engine.log')], { detached: true });
    const neighbour = spawn(
      process.execPath,
      [
        '-e',
        'setInterval(() => {}, 1000)',
        join(root, '.cordon/run-46001/tmp/ministack-lambda-x/_worker.js'),
      ],
      { detached: true },
    );

    expect(leftoverGroups(root, 4600)).toEqual([worker.pid]);
    expect(await heal(root, 4600)).toBe(1);

    expect([reader, neighbour].map(({ pid }) => processOf(pid ?? 0)?.pid)).toEqual([
      reader.pid,
      neighbour.pid,
    ]);
    for (const one of [reader, neighbour]) one.kill();
  });
});
