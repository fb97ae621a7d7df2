import { type Bytes, sha256, textOf } from './documents.ts';
import type { NewHash } from './hash.ts';

type VerifyingKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** A public key; without `key` only its fingerprint is known, and no signature fits it. */
export interface SigningKey {
  readonly fingerprint: string;
  readonly key?: VerifyingKey | undefined;
}

const curve = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const pemOf = /-----BEGIN PUBLIC KEY-----\s+([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----/;

const bytesOfBase64 = (text: string): Bytes =>
  Uint8Array.from(atob(text.replaceAll(/\s/g, '')), (char) => char.charCodeAt(0));

/** The key of a PEM. The fingerprint is that of its DER form, as people compare it. */
export const keyOf = async (pem: Uint8Array | string, newHash: NewHash): Promise<SigningKey> => {
  const [, base64] = pemOf.exec(typeof pem === 'string' ? pem : textOf(pem)) ?? [];
  if (base64 === undefined) throw new Error('it is not a public key in PEM');
  const key = await crypto.subtle
    .importKey('spki', bytesOfBase64(base64), curve, true, ['verify'])
    .catch(() => {
      throw new Error('it is not a P-256 key');
    });
  const der = new Uint8Array(await crypto.subtle.exportKey('spki', key));
  return { fingerprint: sha256(der, newHash), key };
};

/** One number of a signature as 32 bytes; nothing unless DER would write it so. */
const numberAt = (der: Uint8Array, at: number): { bytes: Uint8Array; end: number } | undefined => {
  const [tag, length = 0] = der.subarray(at);
  const number = der.subarray(at + 2, at + 2 + length);
  const [first = 0x80, second = 0] = number;
  const isShortest = length === 1 || first !== 0 || second >= 0x80;
  if (tag !== 0x02 || number.length !== length || first >= 0x80 || !isShortest) return undefined;
  const digits = first === 0 ? number.subarray(1) : number;
  if (digits.length > 32) return undefined;
  const bytes = new Uint8Array(32);
  bytes.set(digits, 32 - digits.length);
  return { bytes, end: at + 2 + length };
};

/** KMS gives a signature as DER, WebCrypto wants both numbers one after the other. */
export const rawSignature = (der: Uint8Array): Bytes | undefined => {
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return undefined;
  const r = numberAt(der, 2);
  const s = r && numberAt(der, r.end);
  if (!r || s?.end !== der.length) return undefined;
  const raw = new Uint8Array(64);
  raw.set(r.bytes);
  raw.set(s.bytes, 32);
  return raw;
};

/** Whether a signature in DER over these bytes was made with the key. */
export const fits = async (
  bytes: Bytes,
  { key }: SigningKey,
  signature: Uint8Array,
): Promise<boolean> => {
  const raw = rawSignature(signature);
  if (!key || !raw) return false;
  return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, raw, bytes);
};
