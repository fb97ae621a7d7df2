import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { canonical } from '../../../../responders/evidence/verify.mjs';

export const verifier = join(import.meta.dirname, '../../../../responders/evidence/verify.mjs');

export interface Key {
  readonly privateKey: KeyObject;
  readonly pem: string;
  /** Of the DER form, as people compare it. */
  readonly fingerprint: string;
}

export const newKey = (): Key => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    privateKey,
    pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    fingerprint: sha256(publicKey.export({ type: 'spki', format: 'der' })),
  };
};

export const sha256 = (bytes: string | Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

const incident = 'inc-20261121-7f3k2m8q';
const at = '2026-11-21T10:00:07.000Z';

/** One object of each kind that an incident's folder holds. */
export const evidence: Readonly<Record<string, string | Uint8Array>> = {
  'finding/1764000000000.json': '{"id":"f1"}',
  'function/code.zip': Uint8Array.from({ length: 5_000 }, (_, index) => (index * 7) % 256),
  'function/configuration.json': '{"MemorySize":128}\n',
  'index.html': '<!doctype html><title>Evidence</title>',
  'role/policies/inline-1.json': '{"Version":"2012-10-17"}',
  'role/empty.txt': '',
  'verify.mjs': readFileSync(verifier),
};

export const put = (folder: string, path: string, body: string | Uint8Array): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), body);
};

const signed = (folder: string, path: string, value: unknown, key: Key): string => {
  const body = canonical(value);
  put(folder, `${path}.json`, body);
  put(folder, `${path}.sig`, sign('sha256', Buffer.from(body), key.privateKey));
  return sha256(body);
};

interface Manifest {
  readonly sequence: number;
  readonly previous: unknown;
  readonly objects: readonly unknown[];
  readonly key: Key;
}

const manifest = ({ sequence, previous, objects, key }: Manifest): unknown => ({
  schema: 'cordon-manifest/1',
  incident: sequence === 3 ? incident : `inc-2026112${sequence}-00000000`,
  round: 1,
  account: '111122223333',
  region: 'eu-west-1',
  createdAt: at,
  sequence,
  previous,
  signing: {
    keyId: `arn:aws:kms:eu-west-1:111122223333:key/${sequence}`,
    algorithm: 'ECDSA_SHA_256',
    publicKeySha256: key.fingerprint,
  },
  objects,
  gaps: [{ collector: 'collect.layers', what: 'layer 3', why: 'AccessDenied: “no”' }],
});

export const listing = (path: string, body: string | Uint8Array) => ({
  path,
  bytes: Buffer.from(body).length,
  sha256: sha256(body),
  versionId: 'v1',
  source: 'lambda:GetFunction',
  requestId: null,
  collector: 'collect.any',
  startedAt: at,
  endedAt: at,
  taken: 'after containment',
  retainUntil: null,
});

const link = (sequence: number, hash: string) => ({
  incident: `inc-2026112${sequence}-00000000`,
  key: 'k',
  sha256: hash,
});

export interface Made {
  readonly key?: Key;
  /** Whose key signed the predecessors; one that was replaced since then. */
  readonly before?: Key;
  readonly bodies?: Readonly<Record<string, string | Uint8Array>>;
  readonly objects?: readonly unknown[];
  readonly entries?: number;
  /** With something in the place of a time stamp. */
  readonly stamped?: boolean;
}

/**
 * A folder as `cordon evidence pull` leaves it: the third manifest of its account, read three
 * times.
 */
export const makeFolder = (
  folder: string,
  {
    key = newKey(),
    before = key,
    bodies = evidence,
    objects,
    entries = 3,
    stamped = false,
  }: Made = {},
): Key => {
  const all = { ...bodies, 'public-key.pem': key.pem };
  for (const [path, body] of Object.entries(all)) put(folder, path, body);
  const first = signed(
    folder,
    'chain/1/manifest',
    manifest({ sequence: 1, previous: null, objects: [], key: before }),
    before,
  );
  const second = signed(
    folder,
    'chain/2/manifest',
    manifest({ sequence: 2, previous: link(1, first), objects: [], key: before }),
    before,
  );
  if (before !== key)
    for (const number of [1, 2]) put(folder, `chain/${number}/public-key.pem`, before.pem);
  const list =
    objects ??
    Object.entries(all)
      .sort()
      .map(([path, body]) => listing(path, body));
  const own = signed(
    folder,
    'manifest',
    manifest({ sequence: 3, previous: link(2, second), objects: list, key }),
    key,
  );
  let previous = own;
  for (let sequence = 1; sequence <= entries; sequence += 1) {
    const entry = {
      schema: 'cordon-custody/1',
      incident,
      round: 1,
      sequence,
      previous,
      at,
      who: 'arn:aws:iam::111122223333:user/ann',
    };
    const why = {
      whoBy: 'stated by the command',
      what: 'export',
      purpose: 'case 4711 “copy”',
      objects: list.length,
    };
    previous = signed(
      folder,
      `custody/${String(sequence).padStart(6, '0')}`,
      { ...entry, ...why },
      key,
    );
  }
  const chain = [
    { sequence: 2, sha256: second },
    { sequence: 1, sha256: first },
  ];
  const token = Buffer.concat([Buffer.from('a token about '), Buffer.from(own, 'hex')]);
  if (stamped) put(folder, 'manifest.tsr', token);
  const taken = { incident, round: 1, custodyEntries: entries, lastCustody: previous, chain };
  put(
    folder,
    'export.json',
    canonical({
      schema: 'cordon-export/1',
      ...taken,
      ...(stamped && { timestamp: sha256(token) }),
    }),
  );
  return key;
};

export const copyOf = (from: string, to: string): string => {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  return to;
};
