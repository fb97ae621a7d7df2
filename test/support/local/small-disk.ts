import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A disk that can be filled without harm to anything else. */
export interface SmallDisk {
  /** Fills it, whatever else is written to it meanwhile. */
  fill(): void;
  /** Removes what `fill` has written. */
  free(): void;
  unmount(): void;
}

/** Whether this user may mount a disk: root, or anybody in `unshare -Urm`. */
export const canMount = (): boolean =>
  spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

const takesMore = (descriptor: number, bytes: Uint8Array): boolean => {
  try {
    return writeSync(descriptor, bytes) > 0;
  } catch {
    return false;
  }
};

/** Mounts a disk of so many megabytes at an empty folder. */
export const mountSmallDisk = (folder: string, megabytes: number): SmallDisk => {
  const { status, stderr } = spawnSync(
    'mount',
    ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  const filler = join(folder, 'filler');
  return {
    fill: () => {
      const descriptor = openSync(filler, 'a');
      for (const size of [1_000_000, 4_096])
        for (const bytes = Buffer.alloc(size); takesMore(descriptor, bytes); );
      closeSync(descriptor);
    },
    free: () => rmSync(filler, { force: true }),
    unmount: () => void spawnSync('umount', ['-l', folder]),
  };
};
