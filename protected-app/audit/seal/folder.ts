import { canonicalJson, sha256Hex } from '../schemas/canonical.ts';
import type { AuditEvent } from '../schemas/event.ts';
import { leafOf, pathOf, rootOf } from './merkle.ts';

/** What a seal is about: events in the order in which they came. */
export interface SealedRows {
  /** One event a line, in canonical JSON. */
  readonly lines: string;
  /** Which event has which hash, so that a changed line can be named. */
  readonly leaves: string;
  readonly root: string;
  readonly events: number;
}

export const sealedRows = (events: readonly AuditEvent[]): SealedRows => {
  const rows = events.map((event) => canonicalJson(event));
  const hashes = rows.map(leafOf);
  return {
    lines: rows.map((row) => `${row}\n`).join(''),
    leaves: canonicalJson({
      schema: 'cordon-leaves/1',
      leaves: events.map(({ eventId }, index) => ({ event: eventId, leaf: hashes[index] })),
    }),
    root: rootOf(hashes),
    events: events.length,
  };
};

/** The proof that one event is in a seal; it goes beside manifest, signature and key. */
export const inclusionProof = (events: readonly AuditEvent[], index: number): string => {
  const hashes = events.map((event) => leafOf(canonicalJson(event)));
  return canonicalJson({
    schema: 'cordon-proof/1',
    event: events[index],
    row: index + 1,
    path: pathOf(hashes, index),
  });
};

/** The seal before one, as the next names it. */
export interface SealLink {
  readonly incident: string;
  readonly key: string;
  readonly sha256: string;
}

/** An object of a seal as its manifest lists it; the fields are those of evidence. */
export interface SealObject {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly versionId: string | null;
  readonly source: string;
  readonly retainUntil: string | null;
  /** The path where it belongs, and where other bytes already lay. */
  readonly insteadOf?: string;
}

export interface SealFacts {
  readonly sequence: number;
  readonly previous: SealLink | null;
  readonly account: string;
  readonly region: string;
  readonly createdAt: string;
  readonly signing: {
    readonly keyId: string;
    readonly algorithm: 'ECDSA_SHA_256';
    readonly publicKeySha256: string;
  };
  readonly objects: readonly SealObject[];
  /** Events that should be in the seal and are not, each with the reason. */
  readonly gaps: readonly { readonly what: string; readonly why: string }[];
  readonly merkle: { readonly root: string; readonly events: number };
}

const collector = 'AuditSeal';

export const nameOfSeal = (sequence: number): string => `seal-${String(sequence).padStart(8, '0')}`;

/** The manifest of a seal, in the format of evidence, so that one file verifies both. */
export const sealManifest = (facts: SealFacts): string => {
  const { sequence, createdAt, objects, gaps, ...rest } = facts;
  const listed = objects.map((object) => ({
    ...object,
    requestId: null,
    collector,
    startedAt: createdAt,
    endedAt: createdAt,
    taken: 'no containment',
  }));
  return canonicalJson({
    schema: 'cordon-manifest/1',
    incident: nameOfSeal(sequence),
    round: 1,
    sequence,
    createdAt,
    ...rest,
    objects: listed.sort((left, right) => (left.path < right.path ? -1 : 1)),
    gaps: gaps.map((gap) => ({ collector, ...gap })),
  });
};

/** What a manifest says of a body that is stored beside it. */
export const listedBody = (body: string | Uint8Array) => ({
  bytes: Buffer.byteLength(body),
  sha256: sha256Hex(body),
});
