// `npm run test:adding`: makes each addition of docs/adding.md in a copy of the project, and shows
// that the edits listed there are enough.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Addition } from './addition.ts';
import { additions } from './additions.ts';

const root = join(import.meta.dirname, '../..');

const copyProject = (copy: string): void => {
  const listing = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  for (const file of listing.split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
};

const edit = (copy: string, { kind, sources, tests, most }: Addition): void => {
  if (sources.length > most)
    throw new Error(`${kind} takes ${sources.length} edits, at most ${most}`);
  for (const { file, from = file, make } of [...sources, ...tests])
    writeFileSync(join(copy, file), make(readFileSync(join(copy, from), 'utf8')));
};

const run = (copy: string, title: string, command: string, args: readonly string[]): void => {
  const { status, stdout, stderr } = spawnSync(join(copy, 'node_modules/.bin', command), args, {
    cwd: copy,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${title} failed:\n${stdout}\n${stderr}`);
  console.log(`ok  ${title}`);
};

const copy = mkdtempSync(join(tmpdir(), 'cordon-adding-'));
try {
  copyProject(copy);
  for (const addition of additions) edit(copy, addition);
  run(copy, 'the types agree', 'tsc', ['-p', '.']);
  run(copy, 'the printed pages are printed', 'node', ['tools/docs/main.ts']);
  const proof = [...new Set(additions.flatMap(({ proof: files }) => files))];
  run(copy, `tests pass: ${proof.join(', ')}`, 'vitest', ['run', '--project', 'unit', ...proof]);
  for (const { kind, sources } of additions)
    console.log(
      `ok  ${kind}, ${sources.length} edits: ${sources.map(({ file }) => file).join(', ')}`,
    );
} finally {
  rmSync(copy, { recursive: true, force: true });
}
