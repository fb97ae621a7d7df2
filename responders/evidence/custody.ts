import { createHash } from 'node:crypto';
import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { Head } from '../incident/case.ts';
import { ownPrefix } from './own-place.ts';
import { readableManifest } from './sealed-manifest.ts';
import { publicKeyOf, type Signer, sign } from './signer.ts';
import { bytesOf, createBytes, folderOf } from './store.ts';
import { canonical } from './verify.mjs';

/** Somebody wants to see evidence: which, as whom, and why. */
export interface Access {
  readonly incident: string;
  readonly round: number;
  /** The caller's ARN, or the name of a user of the console. */
  readonly who: string;
  /** Who says that it is them. */
  readonly saidBy: 'command' | 'console';
  readonly what: 'read' | 'export';
  readonly purpose: string;
  /** How many objects. */
  readonly objects: number;
}

/** What was written: the newest link of the chain. */
export interface CustodyLink {
  readonly sequence: number;
  readonly sha256: string;
}

export interface Notary extends Signer {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly now: () => number;
}

/** There is no manifest yet, so there is nothing that a chain of custody could begin with. */
export class NotSealedError extends Error {
  override readonly name = 'NotSealedError';

  constructor(folder: string) {
    super(
      `${folder} has no manifest yet: its evidence is still being collected, or sealing failed`,
    );
  }
}

/** So many others wrote at the same time that no number was free. */
export class CrowdedError extends Error {
  override readonly name = 'CrowdedError';

  constructor(folder: string) {
    super(
      `others write to ${folder} at the same time: no free number after ${tries} tries; try again`,
    );
  }
}

const tries = 20;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const fileOf = (sequence: number, kind: 'json' | 'sig'): string =>
  `custody/${String(sequence).padStart(6, '0')}.${kind}`;

/** Creates an object; `false` where somebody else was faster. */
const create = async (
  notary: Notary,
  key: string,
  body: Uint8Array,
  type: string,
): Promise<boolean> => (await createBytes(notary, { key, body, type })) !== undefined;

const bytesIfThere = async (notary: Notary, key: string): Promise<Uint8Array | undefined> => {
  try {
    return await bytesOf(notary, key);
  } catch (error) {
    // Without the right to list, S3 says that what is not there is forbidden.
    if (error instanceof Error && ['NoSuchKey', 'AccessDenied'].includes(error.name))
      return undefined;
    throw error;
  }
};

/**
 * Whoever signs an entry that is already signed has signed the same bytes: the first signature
 * stays.
 */
const addSignature = async (notary: Notary, key: string, entry: Uint8Array): Promise<void> => {
  await create(notary, key, await sign(notary, entry), 'application/octet-stream');
};

const namesIn = async (
  { s3, bucket }: Notary,
  folder: string,
  prefix: string,
): Promise<ReadonlySet<string>> => {
  const names = new Set<string>();
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client: s3 },
    { Bucket: bucket, Prefix: `${folder}${prefix}` },
  ))
    for (const { Key = '' } of Contents) names.add(Key.slice(folder.length));
  return names;
};

/** The manifest that the chain begins with. */
const beginning = async (
  notary: Notary,
  head: Pick<Head, 'id' | 'round'>,
): Promise<Uint8Array | undefined> => {
  const folder = folderOf(head);
  const reader = {
    read: (path: string) => bytesIfThere(notary, `${folder}${path}`),
    ownPaths: async () => [...(await namesIn(notary, folder, ownPrefix))],
  };
  const { pem } = await publicKeyOf(notary);
  return (await readableManifest(reader, head, { pem, keyId: notary.keyId }))?.bytes;
};

/**
 * The end of the chain: how many entries there are, and the bytes that the next one names by their
 * hash.
 */
const endOf = async (
  notary: Notary,
  head: Pick<Head, 'id' | 'round'>,
): Promise<{ count: number; last: Uint8Array }> => {
  const folder = folderOf(head);
  const names = await namesIn(notary, folder, 'custody/');
  let count = 0;
  while (names.has(fileOf(count + 1, 'json'))) count += 1;
  const last = await (count === 0
    ? beginning(notary, head)
    : bytesIfThere(notary, `${folder}${fileOf(count, 'json')}`));
  if (!last) throw new NotSealedError(folder);
  // An entry whose writer was stopped between its two objects, or is just about to write the second
  // one.
  if (count > 0 && !names.has(fileOf(count, 'sig')))
    await addSignature(notary, `${folder}${fileOf(count, 'sig')}`, last);
  return { count, last };
};

/**
 * Appends one entry to the chain of an incident. Two at once cannot take one number: the slower one
 * continues after the faster.
 */
export const writeCustody = async (
  { incident, round, saidBy, ...access }: Access,
  notary: Notary,
): Promise<CustodyLink> => {
  const folder = folderOf({ id: incident, round });
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const { count, last } = await endOf(notary, { id: incident, round });
    const sequence = count + 1;
    const at = new Date(notary.now()).toISOString();
    const previous = sha256(last);
    // A Lambda cannot see who invoked it. CloudTrail can: only the auditor's role and the console's
    // function may.
    const whoBy = `stated by the ${saidBy}`;
    const entry = Buffer.from(
      canonical({
        schema: 'cordon-custody/1',
        incident,
        round,
        sequence,
        previous,
        at,
        whoBy,
        ...access,
      }),
    );
    if (!(await create(notary, `${folder}${fileOf(sequence, 'json')}`, entry, 'application/json')))
      continue;
    await addSignature(notary, `${folder}${fileOf(sequence, 'sig')}`, entry);
    return { sequence, sha256: sha256(entry) };
  }
  throw new CrowdedError(folder);
};
