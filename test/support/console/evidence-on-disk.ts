// A folder of evidence on the disk, as the pages read one from a bucket.
import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, rmdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { EvidenceFolder } from '../../../console/pages/src/verify/folder.ts';
import type { NewHash } from '../../../console/pages/src/verify/hash.ts';

/** The hash of Node.js in the form that the verification takes. */
export const nodeHash: NewHash = () => {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
};

export const evidenceOnDisk = (folder: string): EvidenceFolder => ({
  files: readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((file) => ({ path: relative(folder, file), bytes: statSync(file).size })),
  read: (path) => createReadStream(join(folder, path)),
});

/** A bucket has no empty folders, so that what was emptied goes. */
export const withoutEmptyFolders = (folder: string): void => {
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) {
      const inner = join(folder, entry.name);
      withoutEmptyFolders(inner);
      if (readdirSync(inner).length === 0) rmdirSync(inner);
    }
};
