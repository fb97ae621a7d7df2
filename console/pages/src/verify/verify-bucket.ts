import { bucketFolder } from './bucket-folder.ts';
import type { Finding } from './check.ts';
import { memberOf, printable } from './documents.ts';
import { type EvidenceFolder, LostConnection } from './folder.ts';
import type { NewHash } from './hash.ts';
import { keyOf, type SigningKey } from './keys.ts';
import type { LinkedFile, LinkReading } from './link-reader.ts';
import type { TellProgress } from './objects.ts';
import { type Verification, verifyFolder } from './verify-folder.ts';

/** What a page asks its worker to verify. */
export interface BucketTask {
  readonly incident: string;
  readonly round: number;
  /** The number of the custody entry that was written for this verification. */
  readonly custody: number;
  readonly files: readonly LinkedFile[];
  readonly linksLastMs: number;
  /** The fingerprint that the person typed; empty for none. */
  readonly fingerprint: string;
  /** The key of the deployment, as KMS told the API. */
  readonly signingKey: { readonly keyId: string; readonly pem: string };
}

/** Which key the signatures were compared with. */
export type KeyOrigin = 'typed' | 'kms' | 'folder';

export interface BucketVerdict {
  readonly verification: Verification;
  readonly keyOrigin: KeyOrigin;
}

/** The id of the key that a manifest says it is signed with; the rest is for the verification. */
const keyIdIn = async (folder: EvidenceFolder): Promise<unknown> => {
  let text = '';
  const decoder = new TextDecoder();
  try {
    for await (const piece of folder.read('manifest.json'))
      text += decoder.decode(piece, { stream: true });
    return memberOf(memberOf(JSON.parse(text), 'signing'), 'keyId');
  } catch (error) {
    if (error instanceof LostConnection) throw error;
    return undefined; // the verification says what is wrong with it
  }
};

const pinnedKey = async (
  folder: EvidenceFolder,
  { fingerprint, signingKey }: BucketTask,
  newHash: NewHash,
): Promise<{ readonly keyOrigin: KeyOrigin; readonly pinned?: SigningKey }> => {
  const ours = await keyOf(signingKey.pem, newHash);
  if (fingerprint !== '')
    return {
      keyOrigin: 'typed',
      // Of another key only the fingerprint is known: no signature will fit it.
      pinned: fingerprint === ours.fingerprint ? ours : { fingerprint },
    };
  const isNamed = (await keyIdIn(folder)) === signingKey.keyId;
  return isNamed ? { keyOrigin: 'kms', pinned: ours } : { keyOrigin: 'folder' };
};

/** What is wrong with a right folder that is not the one that was asked for, or an older one. */
const strangeness = (
  { incident: named, round: is, custody: { entries } }: Verification,
  { incident, round, custody }: BucketTask,
): readonly Finding[] => {
  const object = 'manifest.json';
  // Whose manifest names nothing, that is a finding already.
  if (named === null) return [];
  if (named !== incident)
    return [{ object, reason: `is that of ${printable(named)}, not of ${incident}` }];
  if (is !== round) return [{ object, reason: `is that of round ${is}, not of round ${round}` }];
  if (entries >= custody) return [];
  const entry = `custody/${String(custody).padStart(6, '0')}.json`;
  return [{ object: entry, reason: 'is missing: written for this verification' }];
};

/** A right folder of another incident proves nothing about this one. */
const ofTask = (verification: Verification, task: BucketTask): Verification => {
  const strange = strangeness(verification, task);
  if (strange.length === 0) return verification;
  return { ...verification, ok: false, findings: [...strange, ...verification.findings] };
};

export interface BucketReading extends Omit<LinkReading, 'linksLastMs'> {
  readonly newHash: NewHash;
  readonly tell: TellProgress;
}

/** Verifies the folder of an incident where it lies; throws only when the connection is lost. */
export const verifyBucket = async (
  task: BucketTask,
  { newHash, tell, ...reading }: BucketReading,
): Promise<BucketVerdict> => {
  const folder = bucketFolder(task.files, { ...reading, linksLastMs: task.linksLastMs });
  const { keyOrigin, pinned } = await pinnedKey(folder, task, newHash);
  const verification = await verifyFolder(folder, { newHash, pinned, form: 'bucket', tell });
  return { verification: ofTask(verification, task), keyOrigin };
};
