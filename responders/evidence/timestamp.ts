import { randomBytes } from 'node:crypto';
import type { Stamp } from '../incident/stage.ts';
import { asError } from '../shared/errors.ts';
import { createBytes, type Store } from './store.ts';

/**
 * A time stamping authority (RFC 3161): a witness outside the account of when a manifest existed.
 */
export interface Authority {
  readonly url: string;
  /** HTTPS; a test’s stand-in on the loopback has none. */
  readonly protocol?: 'https:' | 'http:';
  readonly timeoutMs?: number;
}

/** Answers are 2 to 10 KB, certificates included. */
const largestAnswer = 64 * 1024;

/** Everything in a request is shorter than 128 bytes, so that a length is one byte. */
const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, content.length]), content]);
};

const version = Buffer.from('020101', 'hex');
const wantsCertificate = Buffer.from('0101ff', 'hex');
/** `AlgorithmIdentifier` of SHA-256: 2.16.840.1.101.3.4.2.1, no parameters. */
const sha256Id = Buffer.from('300d06096086480165030402010500', 'hex');

/** A number that is positive and has no leading zero byte, as DER wants it. */
const newNonce = (): Buffer => {
  const bytes = randomBytes(8);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0);
  return der(0x02, bytes);
};

/**
 * `TimeStampReq`: version 1, the hash, a nonce, and the wish for the certificate, so that the
 * answer verifies by itself.
 */
const requestFor = (hash: Uint8Array, nonce: Uint8Array): Buffer =>
  der(0x30, version, der(0x30, sha256Id, der(0x04, hash)), nonce, wantsCertificate);

/** What is inside a DER element of this tag. */
const inside = (bytes: Buffer, tag: number): Buffer => {
  const [is, first = 0] = bytes;
  if (is !== tag) throw new Error('the answer is no TimeStampResp');
  const more = first < 0x80 ? 0 : first & 0x7f;
  const length = more === 0 ? first : bytes.readUIntBE(2, Math.min(more, 4));
  if (more > 4 || bytes.length < 2 + more + length) throw new Error('the answer ends early');
  return bytes.subarray(2 + more, 2 + more + length);
};

/**
 * Granted, and about our question. Whether its signature is good is for `openssl ts -verify`, with
 * the authority’s certificate.
 */
const assertAbout = (answer: Buffer, hash: Buffer, nonce: Buffer): void => {
  const status = inside(inside(inside(answer, 0x30), 0x30), 0x02);
  if (status.length !== 1 || status.readUInt8(0) > 1)
    throw new Error(`it was refused with status ${status.toString('hex')}`);
  if (!answer.includes(hash) || !answer.includes(nonce))
    throw new Error('the answer is about something else');
};

const read = async (body: AsyncIterable<Uint8Array> | null): Promise<Buffer> => {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.length;
    if (bytes > largestAnswer) throw new Error(`the answer is longer than ${largestAnswer} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
};

/** Asks for a token over a SHA-256. Only the hash leaves the account. */
const ask = async (
  { url, protocol = 'https:', timeoutMs = 5_000 }: Authority,
  hash: Buffer,
): Promise<Buffer> => {
  if (new URL(url).protocol !== protocol)
    throw new Error(`the address of the time stamping authority does not begin with ${protocol}//`);
  const nonce = newNonce();
  const answered = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/timestamp-query',
      accept: 'application/timestamp-reply',
    },
    body: new Uint8Array(requestFor(hash, nonce)),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (answered.status !== 200)
    throw new Error(`the time stamping authority answered ${answered.status}`);
  const answer = await read(answered.body);
  assertAbout(answer, hash, nonce);
  return answer;
};

/** Stores a token beside a manifest. It is never in the way: whatever goes wrong is the result. */
export const stamp = async (
  to: Store,
  manifest: { readonly key: string; readonly sha256: string },
  authority: Authority,
): Promise<Stamp> => {
  const key = manifest.key.replace(/json$/, 'tsr');
  try {
    const body = await ask(authority, Buffer.from(manifest.sha256, 'hex'));
    await createBytes(to, { key, body, type: 'application/timestamp-reply' });
    return { status: 'stored', key };
  } catch (error) {
    const { name, message, cause } = asError(error);
    // "fetch failed" alone tells nobody what to do.
    const because = cause instanceof Error ? ` (${cause.message})` : '';
    return { status: 'failed', why: `${name}: ${message}${because}`.slice(0, 300) };
  }
};
