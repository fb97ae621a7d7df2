import { createHash } from 'node:crypto';
import { BusyError, errorText, httpStatusOf, isBusy } from '../shared/errors.ts';
import type { VerifyMac } from './verify-mac.ts';

export const purposes = ['drill', 'answer', 'release', 'contain'] as const;
/**
 * What a proof is good for. Each role of people has a KMS key of its own; who answers may also ask
 * for a containment.
 */
export type Purpose = (typeof purposes)[number];

/** What is proven, by name. Maker and checker must name the same. */
export type ProvenFields = Readonly<Record<string, string | number | boolean>>;

/** As long as EventBridge and the state machines try again to hand over what was proven. */
export const proofMs = 60 * 60_000;
/** How far the clocks of maker and checker may differ. */
export const clockToleranceMs = 5 * 60_000;

/** Why a proof is not believed, in words for people. */
export const refusals = {
  missing: 'it came without a proof',
  malformed: 'its proof cannot be read',
  expired: 'its proof has expired',
  early: 'its proof ends later than any proof may: a clock is wrong',
  foreign: 'its proof was made for something else',
  wrong: 'its proof was not made with the key of this deployment',
  unverified: 'KMS could not verify its proof',
  anonymous: 'nobody has signed it',
  unknown: 'AWS does not know who signed it',
  nameless: 'it was signed by a role of Cordon, whose sessions anybody may name as they like',
  canary: 'the heartbeat releases nothing but the drill of its canary',
  circle: 'who signed it belongs to what the incident is about',
  same: 'who signed it has approved before, and a second person must approve too',
  outsider: 'two persons must approve, and who signed it may not',
} as const;
export type RefusalKind = keyof typeof refusals;

export interface ProofRefusal {
  readonly kind: RefusalKind;
  /** A clause: `its proof has expired`. */
  readonly why: string;
}

export const refused = (kind: RefusalKind, detail?: string): ProofRefusal => ({
  kind,
  why: detail === undefined ? refusals[kind] : `${refusals[kind]} (${detail})`,
});

/**
 * What is under the MAC: the hash of canonical JSON, because KMS takes 4,096 bytes and a reason can
 * be longer.
 */
export const digestOf = (purpose: Purpose, fields: ProvenFields, expiresAt: number): Buffer => {
  const sorted = Object.entries(fields).sort(([left], [right]) => (left < right ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify({ purpose, expiresAt, fields: sorted }))
    .digest();
};

/** `answer.1796000000000.<digest, hex>.<MAC, base64url>` */
const form = /^([a-z]{1,20})\.(\d{13})\.([0-9a-f]{64})\.([\w-]{43})$/;

interface ReadProof {
  readonly purpose: string;
  readonly expiresAt: number;
  readonly digest: string;
  readonly mac: Uint8Array;
}

const readProof = (proof: string): ReadProof | undefined => {
  const [, purpose = '', expiresAt = '', digest = '', mac = ''] = form.exec(proof) ?? [];
  return purpose === ''
    ? undefined
    : { purpose, expiresAt: Number(expiresAt), digest, mac: Buffer.from(mac, 'base64url') };
};

/** What a signature of a person must cover: one proof, and with it one decision. */
export const digestIn = (proof: string): string => readProof(proof)?.digest ?? '';

/** The KMS keys that make and verify proofs, by purpose. */
export type KeysByPurpose = Readonly<Record<Purpose, string>>;

/** Why a proof must not be believed; `undefined` where it holds. */
export type CheckProof = (
  purpose: Purpose,
  fields: ProvenFields,
  proof: unknown,
) => Promise<ProofRefusal | undefined>;

interface Checking {
  readonly verifyMac: VerifyMac;
  readonly keys: KeysByPurpose;
  readonly now: () => number;
}

/** What can be said against a proof without its key. */
const refusalOf = (
  { purpose, expiresAt, digest }: ReadProof,
  wanted: { readonly purpose: Purpose; readonly digest: string },
  now: number,
): ProofRefusal | undefined => {
  if (purpose !== wanted.purpose || digest !== wanted.digest) return refused('foreign');
  if (now > expiresAt + clockToleranceMs) return refused('expired');
  if (expiresAt > now + proofMs + clockToleranceMs) return refused('early');
  return undefined;
};

const verified = async (
  { verifyMac, keys }: Pick<Checking, 'verifyMac' | 'keys'>,
  purpose: Purpose,
  digest: Buffer,
  mac: Uint8Array,
): Promise<ProofRefusal | undefined> => {
  try {
    return (await verifyMac(keys[purpose], digest, mac)) ? undefined : refused('wrong');
  } catch (error) {
    // Without a status there was no answer of KMS.
    if (isBusy(error) || httpStatusOf(error) === null)
      throw new BusyError(errorText(error), { cause: error });
    return refused('unverified', errorText(error));
  }
};

/**
 * The checker of proofs. Throws a BusyError while KMS is busy, so that the caller is retried; a key
 * that is disabled or denied refuses every proof.
 */
export const proofChecker =
  ({ verifyMac, keys, now }: Checking): CheckProof =>
  async (purpose, fields, proof) => {
    if (proof === undefined || proof === null || proof === '') return refused('missing');
    const read = typeof proof === 'string' ? readProof(proof) : undefined;
    if (!read) return refused('malformed');
    const digest = digestOf(purpose, fields, read.expiresAt);
    return (
      refusalOf(read, { purpose, digest: digest.toString('hex') }, now()) ??
      verified({ verifyMac, keys }, purpose, digest, read.mac)
    );
  };
