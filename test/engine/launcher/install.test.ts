// The engine installed for real in a checkout of its own: on a disk that fills meanwhile, with no
// temporary folder, and damaged in ways that only the end of the engine shows.
import {
  globSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../local/engine/port.ts';
import { venvState } from '../../../local/engine/venv-state.ts';
import { canMount, mountSmallDisk, type SmallDisk } from '../../support/local/small-disk.ts';
import { sized } from '../../support/run.ts';
import { temp } from '../../support/temp.ts';
import {
  type Command,
  cordonWords,
  makeCheckout,
  processesOf,
  program,
  removeCheckout,
  until,
} from './checkout.ts';

let root: string;
let disk: SmallDisk | undefined;
let full: SmallDisk | undefined;
beforeAll(async () => {
  root = await makeCheckout(realpathSync(temp('installed')));
  unlinkSync(join(root, '.cordon/venv'));
  mkdirSync(join(root, 'tmp'));
  if (!canMount()) return;
  disk = mountSmallDisk(join(root, '.cordon'), 900);
  full = mountSmallDisk(join(root, 'tmp'), 1);
  full.fill();
});
afterAll(async () => {
  disk?.unmount();
  full?.unmount();
  await removeCheckout(root);
});

const start = async (): Promise<Command> => {
  const words = ['up', '--exit', '--no-drill', '--port', String(await freePort())];
  return program(root, [...cordonWords, ...words], { TMPDIR: join(root, 'tmp') });
};
const linesOf = (run: Command, what: RegExp): readonly string[] =>
  run
    .stderr()
    .split('\n')
    .filter((line) => what.test(line));

/** Changes a file of the environment under the same time; returns its path there. */
const change = (pattern: string, how: (file: string) => void): string => {
  const [path = ''] = globSync(pattern, { cwd: join(root, '.cordon/venv') });
  const file = join(root, '.cordon/venv', path);
  const { atime, mtimeMs } = statSync(file);
  how(file);
  utimesSync(file, atime, (Math.floor(mtimeMs) + 0.5) / 1_000);
  return path;
};

/** Moves what a library maps for writing behind the end of its file. */
const mapBehindEnd = (file: string): void => {
  const bytes = readFileSync(file);
  const [start, size] = [Number(bytes.readBigUInt64LE(0x20)), bytes.readUInt16LE(0x36)];
  const segments = Array.from({ length: bytes.readUInt16LE(0x38) }, (_, at) => start + at * size);
  const writable = segments.find(
    (at) => bytes.readUInt32LE(at) === 1 && (bytes.readUInt32LE(at + 4) & 2) !== 0,
  );
  const offset = Number(writable) + 8;
  bytes.writeBigUInt64LE(bytes.readBigUInt64LE(offset) + 0x4000_0000n, offset);
  writeFileSync(file, bytes);
};

const damages: readonly (readonly [string, () => string])[] = [
  [
    'exit code 1 by bytecode that is cut',
    () =>
      change('lib/*/site-packages/ministack/__pycache__/app.*.pyc', (file) =>
        truncateSync(file, 99),
      ),
  ],
  [
    'SIGBUS by a library that is mapped behind its end',
    () => change('lib/*/site-packages/_cffi_backend.*.so', mapBehindEnd),
  ],
];

describe('the engine of a checkout', () => {
  it.runIf(canMount())('says which disk is full while it is installed, and goes on', async () => {
    const run = await start();
    await until(() => processesOf(root).some(({ command }) => command.includes(' pip install')));
    disk?.fill();

    expect(await run.ended()).toBe(1);
    expect(linesOf(run, /^cordon: /)).toEqual([
      expect.stringMatching(
        `^cordon: no space left on the disk that holds ${root}/\\.cordon/venv[^:]*: free some`,
      ),
    ]);
    expect(run.stderr()).not.toContain('trying again');
    expect(processesOf(root)).toEqual([]);
    disk?.free();
  });

  it('is installed without a temporary folder of the machine', async () => {
    const run = await start();

    expect(await run.ended()).toBe(0);
    expect(linesOf(run, /install/)).toEqual([
      expect.stringMatching(/^ {2}installing the engine into \.cordon\/venv with Python 3/),
      expect.stringMatching(/^✔ engine installed/),
    ]);
    expect(globSync(join(root, '.cordon/venv/.tmp'))).toEqual([]);
  });

  it.each(sized(damages.slice(0, 1), damages))(
    'is made anew when it ends early: %s',
    async (_what, damage) => {
      const file = damage();
      expect(venvState({ root, env: process.env })).toBe('ready');
      const run = await start();

      expect(await run.ended()).toBe(0);
      expect(linesOf(run, /damaged|installing|^cordon: /)).toEqual([
        `  .cordon/venv is damaged (${file}): making it anew`,
        expect.stringMatching(/^ {2}installing the engine/),
      ]);
      expect(processesOf(root)).toEqual([]);
    },
  );
});
