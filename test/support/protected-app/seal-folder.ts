// A seal as it lies in the bucket, written to a folder, and signed with a key of the test.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEvent } from '../../../protected-app/audit/schemas/event.ts';
import {
  inclusionProof,
  listedBody,
  nameOfSeal,
  sealedRows,
  sealManifest,
} from '../../../protected-app/audit/seal/folder.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const pem = publicKey.export({ type: 'spki', format: 'pem' });
const fingerprint = createHash('sha256')
  .update(publicKey.export({ type: 'spki', format: 'der' }))
  .digest('hex');

/** The files of a seal by their paths. */
export type SealFiles = Readonly<Record<string, string | Uint8Array>>;

type SealGaps = readonly { readonly what: string; readonly why: string }[];

const signedManifest = (
  events: readonly AuditEvent[],
  bodies: SealFiles,
  gaps: SealGaps = [],
  insteadOf: Readonly<Record<string, string>> = {},
): SealFiles => {
  const { root } = sealedRows(events);
  const manifest = sealManifest({
    sequence: 1,
    previous: null,
    account: '123456789012',
    region: 'us-east-1',
    createdAt: '2026-11-30T10:05:00.000Z',
    signing: { keyId: 'a key', algorithm: 'ECDSA_SHA_256', publicKeySha256: fingerprint },
    objects: Object.entries(bodies).map(([path, body]) => ({
      path,
      ...listedBody(body),
      versionId: null,
      source: 'dynamodb:BatchGetItem',
      retainUntil: null,
      ...(insteadOf[path] !== undefined && { insteadOf: insteadOf[path] }),
    })),
    gaps,
    merkle: { root, events: events.length },
  });
  return {
    'manifest.json': manifest,
    'manifest.sig': sign('sha256', Buffer.from(manifest), privateKey),
  };
};

/** A whole seal. The chain begins with it, so that it names no other. */
export const sealFiles = (events: readonly AuditEvent[], gaps: SealGaps = []): SealFiles => {
  const { lines, leaves } = sealedRows(events);
  const bodies = { 'events.ndjson': lines, 'leaves.json': leaves, 'public-key.pem': pem };
  return { ...bodies, ...signedManifest(events, bodies, gaps) };
};

/** Where the key that signs lies if an ended run had left an earlier one in its place. */
const ownKey = `own-${fingerprint.slice(0, 16)}/public-key.pem`;

/** One event of it, with what proves that it is in the seal; its key may have been replaced. */
export const proofFiles = (
  events: readonly AuditEvent[],
  index: number,
  { keyWasReplaced = false } = {},
): SealFiles => {
  const { lines, leaves } = sealedRows(events);
  const bodies = { 'events.ndjson': lines, 'leaves.json': leaves, 'public-key.pem': pem };
  const manifest = keyWasReplaced
    ? signedManifest(events, { ...bodies, 'public-key.pem': 'an earlier key', [ownKey]: pem }, [], {
        [ownKey]: 'public-key.pem',
      })
    : signedManifest(events, bodies);
  return {
    ...manifest,
    'public-key.pem': pem,
    'proof.json': inclusionProof(events, index),
  };
};

export const writeSeal = (folder: string, files: SealFiles): string => {
  mkdirSync(folder, { recursive: true });
  for (const [path, body] of Object.entries(files)) writeFileSync(join(folder, path), body);
  return folder;
};

export const firstSeal = nameOfSeal(1);
