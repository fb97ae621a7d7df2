import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lockHolder } from './lock.ts';

/** Where folders are made under a name with `.half`, and renamed when they are whole. */
const CACHES = ['.cordon/synth', '.cordon/services'];

/** Removes what processes that were killed had half made, and their locks. */
export const forgetHalves = (root: string): void => {
  for (const cache of CACHES.map((folder) => join(root, folder)).filter(existsSync)) {
    for (const name of readdirSync(cache).filter((folder) => folder.endsWith('.half'))) {
      const [half, lock] = [join(cache, name), join(cache, name.replace(/half$/, 'lock'))];
      if (lockHolder(lock) !== undefined) continue;
      for (const path of [half, lock]) rmSync(path, { recursive: true, force: true });
    }
  }
};
