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
import { editedFiles } from './addition.ts';
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
  const edited = editedFiles(additions, (file) => readFileSync(join(copy, file), 'utf8'));
  for (const [file, text] of edited) writeFileSync(join(copy, file), text);
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
