import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { lockHolder, take, withLock } from '../../../local/engine/lock.ts';
import { temp } from '../../support/temp.ts';

let file: string;
beforeEach(() => {
  file = join(temp('lock'), 'a/b.lock');
});

describe('a lock', () => {
  it('lets one work at a time, and is gone afterwards even when the work fails', async () => {
    let [at, most] = [0, 0];
    const work = async (): Promise<void> => {
      most = Math.max(most, ++at);
      await sleep(20);
      at--;
    };
    const waited: number[] = [];

    await Promise.all(
      [1, 2, 3].map(() => withLock(file, work, { onWait: (pid) => waited.push(pid) })),
    );
    await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');

    expect(most).toBe(1);
    expect(waited).toEqual([process.pid, process.pid]);
    expect(existsSync(file)).toBe(false);
  });

  it('of a dead process does not count', async () => {
    expect(take(file)).toBeUndefined();
    writeFileSync(file, '4194305 12345');

    expect(lockHolder(file)).toBeUndefined();
    expect(take(file)).toBeUndefined();
    expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`^${process.pid} `));
  });

  it('of a dead process whose pid lives again does not count', () => {
    take(file);
    writeFileSync(file, `${process.pid} long ago`);

    expect(take(file)).toBeUndefined();
  });

  it('that was cut short while it was written counts for two seconds', () => {
    take(file);
    writeFileSync(file, '');
    expect(take(file)).toBe(0);

    utimesSync(file, new Date(Date.now() - 3_000), new Date(Date.now() - 3_000));
    expect(take(file)).toBeUndefined();
  });

  it('waits no longer than it is asked to', async () => {
    take(file);

    await expect(
      withLock(file, () => Promise.resolve(), { signal: AbortSignal.timeout(50) }),
    ).rejects.toThrow();
  });
});
