import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { namesIn, textOf } from '../../../cli/input.ts';
import { temp } from '../../support/temp.ts';

it('a file that cannot be read is named, with what to do', async () => {
  await expect(textOf('/nowhere.json')).rejects.toThrow(
    /^\/nowhere\.json cannot be read \(ENOENT: .*\): name another file, or - for standard input$/,
  );
});

it('a folder that is not there yet is empty, and a file is none', async () => {
  const root = temp('input');
  writeFileSync(join(root, 'file'), '');
  mkdirSync(join(root, 'folder/inside'), { recursive: true });

  expect(await namesIn(join(root, 'new'))).toEqual([]);
  expect(await namesIn(join(root, 'folder'))).toEqual(['inside']);
  await expect(namesIn(join(root, 'file'))).rejects.toMatchObject({
    code: 2,
    message: expect.stringMatching(
      /file cannot be written into \(ENOTDIR: .*\): name a new folder$/,
    ),
  });
});
