import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { DiskFullError, diskFull } from '../../../../local/engine/disk-errors.ts';
import {
  forgetOldKept,
  keepCollected,
  keptFolderOf,
  withCollected,
} from '../../../../local/engine/kept.ts';
import { portsOf, runDirOf } from '../../../../local/engine/run-dir.ts';
import { temp } from '../../../support/temp.ts';

const port = 4_599;
const started = '2026-11-29T16:49:06.123Z';

/** A checkout with a run that has ended, and these files in its folder. */
const endedRun = (files: readonly string[]): string => {
  const root = temp('kept');
  for (const path of ['engine.log', ...files]) {
    const file = join(runDirOf(root, port), path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, path);
  }
  return root;
};
const bucket = 's3/000000000000/evidence/incidents/inc-1';

it('evidence, mails and log are moved out of the way of the next start', () => {
  const root = endedRun([
    `${bucket}/manifest.json`,
    `${bucket}/manifest.json.meta.json`,
    `s3/.versions/000000000000/evidence/v1/manifest.json`,
    's3/000000000000/cdk-hnb659fds-assets-000000000000-us-east-1/code.zip',
    'inbox/1.eml',
  ]);

  const kept = keepCollected(root, port, started) ?? '';

  expect(kept).toBe(join(root, '.cordon/kept-4599-20261129T164906Z'));
  expect(kept).toBe(keptFolderOf(root, port, started));
  for (const path of ['engine.log', `${bucket}/manifest.json`, 'inbox/1.eml'])
    expect(readFileSync(join(kept, path), 'utf8')).toBe(path);
  expect(existsSync(join(kept, 's3/.versions/000000000000/evidence/v1/manifest.json'))).toBe(true);
  expect(existsSync(join(kept, `${bucket}/manifest.json.meta.json`))).toBe(false);
  expect(
    existsSync(join(kept, 's3/000000000000/cdk-hnb659fds-assets-000000000000-us-east-1')),
  ).toBe(false);
  expect([existsSync(runDirOf(root, port)), portsOf(root)]).toEqual([false, []]);
});

it('a run that had collected nothing leaves nothing', () => {
  const root = endedRun(['s3/000000000000/cdk-hnb659fds-assets-000000000000-us-east-1/code.zip']);

  expect(keepCollected(root, port, started)).toBeUndefined();
});

it('the sentence about the full disk says where it is, and other errors stay as they are', () => {
  const root = endedRun(['inbox/1.eml']);
  const other = new Error('other');

  expect(withCollected(root, { port, started }, other)).toBe(other);
  const error = withCollected(root, { port, started }, diskFull('/x'));
  expect(error).toBeInstanceOf(DiskFullError);
  expect(String(error)).toContain(
    `; what this run had collected is in ${keptFolderOf(root, port, started)} ` +
      '(the newest 3 such folders are kept)',
  );
});

it('only the newest folders stay, whatever their ports, and nothing else is touched', () => {
  const root = temp('kept');
  const names = [
    'kept-4600-20261129T164906Z',
    'kept-4566-20261129T170000Z',
    'kept-4566-20261128T235959Z',
    'kept-10000-20261129T164905Z',
    'kept-by-me',
    'run-4566',
  ];
  for (const name of names) mkdirSync(join(root, '.cordon', name), { recursive: true });
  writeFileSync(join(root, '.cordon/kept-4566-20261127T000000Z'), 'a file');

  expect(forgetOldKept(root)).toEqual(['kept-4566-20261128T235959Z']);

  expect(readdirSync(join(root, '.cordon')).sort()).toEqual(
    [...names, 'kept-4566-20261127T000000Z']
      .filter((name) => name !== 'kept-4566-20261128T235959Z')
      .sort(),
  );
  expect(forgetOldKept(root)).toEqual([]);
  expect(forgetOldKept(temp('empty'))).toEqual([]);
});
