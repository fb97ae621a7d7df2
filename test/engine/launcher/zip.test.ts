import { execFileSync } from 'node:child_process';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { zipFolder } from '../../../local/engine/zip.ts';
import { temp } from '../../support/temp.ts';

const folderOf = (files: readonly (readonly [string, string])[], date: Date): string => {
  const folder = temp('zip');
  mkdirSync(join(folder, 'lib'));
  for (const [name, text] of files) {
    writeFileSync(join(folder, name), text);
    utimesSync(join(folder, name), date, date);
  }
  return folder;
};
const files = [
  ['index.mjs', 'export const a = 1;\n'.repeat(500)],
  ['lib/ü.txt', 'text'],
  ['empty', ''],
] as const;

describe('a zip', () => {
  it('has the same bytes for the same files, whatever their dates and order', () => {
    const one = zipFolder(folderOf(files, new Date('2020-02-02')));
    const other = zipFolder(folderOf([...files].reverse(), new Date('2026-11-21')));

    expect(one.equals(other)).toBe(true);
  });

  it('is read back whole by an independent reader', () => {
    const file = join(temp('zip'), 'a.zip');
    writeFileSync(file, zipFolder(folderOf(files, new Date())));

    const read =
      'import json, sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(json.dumps([[i.filename, z.read(i).decode()] for i in z.infolist()]))';
    const found: unknown = JSON.parse(
      execFileSync('python3', ['-c', read, file], { encoding: 'utf8' }),
    );

    expect(found).toEqual([files[2], files[0], files[1]]);
  });
});
