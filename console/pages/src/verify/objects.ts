import { attempt, type Check, report } from './check.ts';
import { isCount, isHash, isPath, memberOf, printable } from './documents.ts';
import type { CheckedManifest } from './manifest.ts';

/** How far it is; told after each piece that was hashed. */
export interface Progress {
  readonly path: string;
  readonly objects: number;
  readonly bytes: number;
}
export type TellProgress = (progress: Progress) => void;

/** What is written after the manifest is checked otherwise. */
const notListed = /^(manifest\.(json|sig|tsr)|export\.json|(custody|chain)\/.*)$/;

interface ListedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly versionId: unknown;
}

const listedFile = (object: unknown): ListedFile | undefined => {
  const [path, bytes, hash] = ['path', 'bytes', 'sha256'].map((name) => memberOf(object, name));
  if (!isPath(path) || notListed.test(path) || !isCount(bytes) || !isHash(hash)) return undefined;
  return { path, bytes, sha256: hash, versionId: memberOf(object, 'versionId') };
};

const checkObject = async (
  check: Check,
  { path, bytes, sha256: listed }: ListedFile,
  tell: (bytes: number) => void,
): Promise<void> => {
  const size = check.files.get(path)?.bytes;
  if (size !== bytes) {
    report(check, path, `was changed: it has ${size} bytes, the manifest says ${bytes}`);
    return;
  }
  const hash = check.newHash();
  for await (const piece of check.folder.read(path)) {
    hash.update(piece);
    tell(piece.length);
  }
  const is = hash.hex();
  if (is !== listed)
    report(check, path, `was changed: its SHA-256 is ${is}, the manifest says ${listed}`);
};

/** A bucket also knows which version it is: another one was put in the place of the listed one. */
const checkVersion = (check: Check, { path, versionId }: ListedFile): void => {
  const is = check.files.get(path)?.versionId;
  if (is !== undefined && typeof versionId === 'string' && is !== versionId)
    report(
      check,
      path,
      `was swapped: the bucket has the version ${printable(is)}, ` +
        `the manifest names ${printable(versionId)}`,
    );
};

/** Everything that the manifest lists: it is there, and every byte of it is as listed. */
export const checkObjects = async (
  check: Check,
  { objects }: CheckedManifest,
  tellProgress: TellProgress,
): Promise<void> => {
  let [before, bytes] = ['', 0];
  for (const [index, object] of objects.entries()) {
    const file = listedFile(object);
    const path = file?.path ?? printable(memberOf(object, 'path'));
    const tell = (more: number): void => {
      bytes += more;
      tellProgress({ path, objects: index, bytes });
    };
    tell(0);
    if (!file) report(check, 'manifest.json', `lists ${path} with an invalid path, size or hash`);
    else if (path <= before)
      report(
        check,
        path,
        path === before ? 'is listed twice' : `is listed after ${before}: the list is not in order`,
      );
    else {
      before = path;
      check.expected.add(path);
      if (check.files.has(path)) {
        await attempt(check, path, () => checkObject(check, file, tell));
        checkVersion(check, file);
      } else report(check, path, 'is missing');
    }
  }
};
