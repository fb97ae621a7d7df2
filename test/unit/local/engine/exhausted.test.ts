import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assertLimits, exhausted } from '../../../../local/engine/exhausted.ts';
import { CordonError } from '../../../../operator/errors.ts';

describe('what a program says when the system has nothing left', () => {
  it.each([
    ['EMFILE: too many open files, open "/x"', /^no file descriptors are left .*ulimit -n/],
    ['OSError: [Errno 24] Too many open files', /^no file descriptors are left/],
    [new Error('spawn /usr/bin/python3 EAGAIN'), /^no processes are left .*ulimit -u/],
    ['spawn /home/a person/.cordon/venv/bin/python EAGAIN', /^no processes are left/],
    ['spawnSync EAGAIN', /^no processes are left/],
    ["RuntimeError: can't start new thread", /^no processes are left/],
    ['BlockingIOError: [Errno 11] Resource temporarily unavailable', /^no processes are left/],
    [
      'runtime: failed to create new OS thread (have 2 already; errno=11)',
      /^no processes are left/,
    ],
    ['sh: fork: retry: Resource temporarily unavailable', /^no processes are left/],
  ])('%s', (problem, sentence) => {
    expect(exhausted(problem)?.message).toMatch(sentence);
  });

  it('is nothing else, and no sentence that already says what to do', () => {
    expect(exhausted('read EAGAIN')).toBeUndefined();
    expect(exhausted(new Error('connect ECONNREFUSED'))).toBeUndefined();
    expect(exhausted(new CordonError('EMFILE'))).toBeUndefined();
  });
});

describe('the limits of this process', () => {
  const limitsWith = (files: string, processes: string): string =>
    [
      'Limit                     Soft Limit           Hard Limit           Units',
      `Max processes             ${processes.padEnd(20)} unlimited            processes`,
      `Max open files            ${files.padEnd(20)} 1048576              files`,
    ].join('\n');
  it.each([
    ['1024', 'unlimited', 900, undefined],
    ['unlimited', '4096', 900, undefined],
    ['64', 'unlimited', 0, /^the limit of open files is 64, .*\(ulimit -n 512 or more\)/],
    [
      '4096',
      '20',
      0,
      /^the limit of processes is 20 and 0 are in use, .*\(ulimit -u 256 or more\)/,
    ],
    ['4096', '1024', 900, /^the limit of processes is 1024 and 900 .*\(ulimit -u 1156 or more\)/],
  ])('%s files and %s processes, of which %i are in use', (files, processes, inUse, sentence) => {
    const folder = mkdtempSync(join(tmpdir(), 'cordon-limits-'));
    writeFileSync(join(folder, 'limits'), limitsWith(files, processes));
    const look = () => assertLimits(join(folder, 'limits'), () => inUse);

    if (sentence) expect(look).toThrow(sentence);
    else expect(look).not.toThrow();
    rmSync(folder, { recursive: true });
  });

  it('are not known where there is no such file', () => {
    expect(() => assertLimits('/nowhere/limits')).not.toThrow();
  });
});
