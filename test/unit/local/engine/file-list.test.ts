import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  checkFiles,
  filesText,
  listFiles,
  retimeFiles,
} from '../../../../local/engine/file-list.ts';

let folder: string;
const longAgo = new Date('2026-01-01T00:00:00.250Z');
const write = (path: string, text: string): void => {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
  utimesSync(join(folder, path), longAgo, longAgo);
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-list-'));
  write('a.py', 'one');
  write('in/b c.so', 'two');
  write('in/c.pyc', 'three');
  write('.made', 'mark');
  symlinkSync('/bin/sh', join(folder, 'in/link'));
  listFiles(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

const sound = { isListed: true, damaged: [], isRetimed: false };
const damages: readonly [string, () => void, readonly string[]][] = [
  ['nothing', () => undefined, []],
  ['a mark', () => write('.made', 'other'), []],
  ['a new file', () => write('new.py', 'x'), []],
  ['a deleted file', () => rmSync(join(folder, 'a.py')), ['a.py']],
  [
    'a folder in the place of a file',
    () => {
      rmSync(join(folder, 'a.py'));
      mkdirSync(join(folder, 'a.py'));
    },
    ['a.py'],
  ],
  [
    'a link in the place of a file',
    () => {
      rmSync(join(folder, 'a.py'));
      symlinkSync('in/c.pyc', join(folder, 'a.py'));
    },
    ['a.py'],
  ],
  ['a cut file', () => write('in/b c.so', 'tw'), ['in/b c.so']],
  [
    'other contents of the same size, written later',
    () => writeFileSync(join(folder, 'a.py'), 'two'),
    ['a.py'],
  ],
  [
    'two damaged files',
    () => {
      rmSync(join(folder, 'a.py'));
      write('in/b c.so', '');
    },
    ['a.py', 'in/b c.so'],
  ],
];

describe('a folder and the list of its files', () => {
  it.each(damages)('after %s', (_name, damage, damaged) => {
    damage();

    expect(checkFiles(folder, 'quick')).toEqual({ ...sound, damaged });
    expect(checkFiles(folder, 'full')).toEqual({ ...sound, damaged });
  });

  it('read in full shows contents that changed under the same size and time, and bytecode', () => {
    write('a.py', 'two');
    write('in/c.pyc', 'cut');

    expect(checkFiles(folder, 'quick')).toEqual(sound);
    expect(checkFiles(folder, 'full').damaged).toEqual(['a.py', 'in/c.pyc']);
  });

  it('of a copy has the same contents at other times, and is read once', () => {
    utimesSync(join(folder, 'a.py'), new Date(), new Date());
    expect(checkFiles(folder, 'quick')).toEqual({ ...sound, isRetimed: true });

    retimeFiles(folder);

    expect(checkFiles(folder, 'full')).toEqual(sound);
  });

  it('counts as without a list when the list was cut, changed or removed', () => {
    const list = join(folder, '.files');
    const text = readFileSync(list, 'utf8');
    for (const broken of ['', text.slice(0, -10), text.replace('a.py', 'b.py')]) {
      writeFileSync(list, broken);
      expect(checkFiles(folder, 'quick')).toEqual({ ...sound, isListed: false });
    }
    rmSync(list);
    expect(checkFiles(folder, 'full')).toEqual({ ...sound, isListed: false });
  });
});

describe('damaged files in a sentence', () => {
  it('are the first of them and how many more', () => {
    expect(filesText(['a'])).toBe('a');
    expect(filesText(['a', 'b', 'c'])).toBe('a and 2 more');
  });
});
