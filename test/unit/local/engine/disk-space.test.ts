import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DiskFullError, diskFull, explain } from '../../../../local/engine/disk-errors.ts';
import {
  freeMegabytes,
  mountOf,
  shortageOf,
  spaceFor,
} from '../../../../local/engine/disk-space.ts';
import { temp } from '../../../support/temp.ts';

describe('the room on a disk', () => {
  it.each([
    ['enough', { bytes: 50_000_000, files: 9_000 }, undefined],
    ['exactly enough', { bytes: 40_000_000, files: 500 }, undefined],
    ['no fixed number of files', { bytes: 40_000_000, files: undefined }, undefined],
    ['too few bytes', { bytes: 39_999_999, files: 9_000 }, '39 MB are free and 40 MB are needed'],
    [
      'too few files',
      { bytes: 50_000_000, files: 499 },
      'it can take 499 more files (inodes) and 500 are needed',
    ],
  ])('%s', (_, space, shortage) => {
    expect(shortageOf(space, 40)).toBe(shortage);
  });

  it('is that of the nearest folder that exists', () => {
    const folder = temp('space');
    const missing = join(folder, 'not/there/yet');

    expect(mountOf(missing)).toBe(mountOf(folder));
    expect(Math.abs(freeMegabytes(missing) - freeMegabytes(folder))).toBeLessThan(5_000);
    expect(spaceFor(missing).bytes).toBeGreaterThan(0);
  });

  it('belongs to the folder at which the disk is mounted', () => {
    const mount = mountOf(temp('mount'));

    expect(mount === '/' || statSync(mount).dev !== statSync(dirname(mount)).dev).toBe(true);
    expect(mountOf('/proc/self')).toBe('/proc');
  });
});

describe('the sentence about a full disk', () => {
  it('says which disk, what is needed and what to do', () => {
    const { message, code, path } = diskFull('/a/b', {
      mount: '/a',
      shortage: '1 MB are free and 8 MB are needed',
      nextStep: 'run "cordon up" again',
    });

    expect(message).toBe(
      'no space left on the disk that holds /a/b (mounted at /a): 1 MB are free and 8 MB are ' +
        'needed; free some space there, then run "cordon up" again',
    );
    expect([code, path]).toEqual([1, '/a/b']);
  });

  it.each(['ENOSPC: no space left on device, write', 'EDQUOT: quota exceeded, open'])(
    'comes from %s, for the path that the caller was writing to',
    (message) => {
      const error = explain(new Error(message), '/target');

      expect(error).toBeInstanceOf(DiskFullError);
      expect(error.message).toContain('on the disk that holds /target: free some space there');
    },
  );
});
