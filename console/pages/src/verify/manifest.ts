import { bytesOf, type Check, checkSignature, documentAt, keyAt, report } from './check.ts';
import {
  type Bytes,
  includesHash,
  isCount,
  isHash,
  isPath,
  type JsonRecord,
  memberOf,
  printable,
  sha256,
} from './documents.ts';

/** A manifest whose frame can be relied on; each object is still to be read. */
export interface CheckedManifest {
  readonly incident: string;
  readonly round: number;
  readonly sequence: number;
  readonly previous: unknown;
  readonly objects: readonly unknown[];
  readonly sha256: string;
}

/** Where Cordon stored a file: beside its usual place if other bytes had taken that. */
const placeOf = (manifest: unknown, path: string): string => {
  const objects = memberOf(manifest, 'objects');
  const named: readonly unknown[] = Array.isArray(objects) ? objects : [];
  const own = memberOf(
    named.find((object) => memberOf(object, 'insteadOf') === path),
    'path',
  );
  const isOwn = isPath(own) && /^own-[0-9a-f]{16}\//.test(own) && own.endsWith(`/${path}`);
  return isOwn ? own : path;
};

const frameOf = (check: Check, manifest: unknown, hash: string): CheckedManifest | undefined => {
  const [incident, round, sequence] = ['incident', 'round', 'sequence'].map((name) =>
    memberOf(manifest, name),
  );
  const [previous, objects] = [memberOf(manifest, 'previous'), memberOf(manifest, 'objects')];
  const isNamed =
    typeof incident === 'string' && isCount(round) && isCount(sequence) && Array.isArray(objects);
  if (!isNamed)
    report(check, 'manifest.json', 'names no incident, round and sequence, or lists no objects');
  const isLinked = sequence === 1 ? previous === null : isHash(memberOf(previous, 'sha256'));
  if (!isLinked)
    report(check, 'manifest.json', 'names its predecessor in a way that cannot be checked');
  return isNamed && isLinked
    ? { incident, round, sequence, previous, objects, sha256: hash }
    : undefined;
};

const checkSigner = (check: Check, manifest: JsonRecord): void => {
  const { publicKeySha256, algorithm } = Object(manifest.signing);
  const is = check.key?.fingerprint;
  if (is !== undefined && (publicKeySha256 !== is || algorithm !== 'ECDSA_SHA_256'))
    report(
      check,
      'manifest.json',
      `says that it is signed with another key: ${printable(publicKeySha256)}`,
    );
};

/** Only what a time stamp is about is checked here: OpenSSL checks its signature. */
const checkTimeStamp = async (check: Check, manifest: Bytes): Promise<void> => {
  if (!check.files.has('manifest.tsr')) return;
  const stamp = await bytesOf(check, 'manifest.tsr');
  if (!stamp) return;
  check.timestamp = sha256(stamp, check.newHash);
  if (!includesHash(stamp, sha256(manifest, check.newHash)))
    report(check, 'manifest.tsr', 'is not about this manifest');
};

/** The manifest and who signed it. Without a pinned key it can only be said whose key it was. */
export const checkManifest = async (check: Check): Promise<CheckedManifest | undefined> => {
  const { bytes, value } = await documentAt(check, 'manifest.json', 'cordon-manifest/1');
  const inside = await keyAt(check, placeOf(value, 'public-key.pem'));
  check.key = check.pinned ?? inside;
  const is = check.key?.fingerprint;
  if (inside && inside.fingerprint !== is)
    report(
      check,
      'public-key.pem',
      `was replaced: its fingerprint is ${inside.fingerprint}, that of --key is ${is}`,
    );
  // Who typed a fingerprint only has this key, if it is the one that was meant.
  if (inside && inside.fingerprint === is) check.key = inside;
  await checkSignature(check, 'manifest.sig', bytes);
  if (!bytes || value === undefined) return undefined;
  const hash = sha256(bytes, check.newHash);
  const manifest = frameOf(check, value, hash);
  checkSigner(check, Object(value));
  await checkTimeStamp(check, bytes);
  return manifest;
};
