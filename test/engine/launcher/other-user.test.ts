import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { processOf } from '../../../local/engine/processes.ts';
import { cleanRunDir, writeUp } from '../../../local/engine/run-dir.ts';
import { temp } from '../../support/temp.ts';
import { repository } from './checkout.ts';

const isRoot = process.getuid?.() === 0;
/** No account has it; the system hands it to no program. */
const stranger = 61_999;

const port = 46_100;
let root: string;
let runDir: string;
/**
 * As root: a run of root, and commands of another user. As an ordinary user: a folder of runs that
 * belongs to root, and commands of our own.
 */
beforeAll(() => {
  root = temp('checkout');
  runDir = isRoot ? join(root, '.cordon', `run-${port}`) : '/usr/share';
  if (isRoot) {
    mkdirSync(join(root, '.cordon'));
    for (const folder of [root, join(root, '.cordon')]) chmodSync(folder, 0o755);
    cleanRunDir(root, port);
    const born = processOf(process.pid)?.born ?? '';
    writeUp(runDir, {
      ...{ pid: process.pid, born, engine: process.pid, engineBorn: born },
      ...{ port, by: 'up', started: new Date().toISOString(), ready: true },
    });
  } else symlinkSync(runDir, join(root, '.cordon'));
});

const asStranger = async (...args: string[]): Promise<{ code: number; said: string }> => {
  const child = spawn(
    join(repository, 'node_modules/.bin/node'),
    [join(repository, 'cli/cordon.ts'), ...args],
    {
      env: { PATH: process.env.PATH, HOME: '/', CORDON_ROOT: root },
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: '/',
      ...(isRoot && { uid: stranger, gid: stranger }),
    },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  const [code] = await once(child, 'close');
  return { code: Number(code), said };
};

const commands = [
  ['incidents'],
  ['show', 'incident'],
  ['release', 'incident', '--reason', 'none'],
  ['approve', 'incident', '--reason', 'none'],
  ['mail'],
  ['evidence', 'ls', 'incident'],
  ['inject', 'account-takeover'],
  ['up', '--no-drill'],
  ['down'],
] as const;

describe('another user of this machine', () => {
  test.for(commands)('gets one line from cordon %s', async (command) => {
    const before = readdirSync(runDir, { recursive: isRoot });

    const { code, said } = await asStranger(...command);

    expect(said).toMatch(/^cordon: .* belongs to user root: .*\n$/);
    expect(code).not.toBe(0);
    expect(readdirSync(runDir, { recursive: isRoot })).toEqual(before);
  });

  it('cannot enter the folder of a run', () => {
    if (isRoot) expect(statSync(runDir).mode & 0o077).toBe(0);
    else expect(() => readdirSync('/root')).toThrow('EACCES');
  });
});
