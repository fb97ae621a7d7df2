import { BusyError, errorText } from '../shared/errors.ts';
import { at, textAt } from '../shared/json.ts';
import { type ProofRefusal, refused } from './proof.ts';
import type { Person } from './same-person.ts';

/**
 * What a person chose in a presigned `sts:GetCallerIdentity`. Everything else of the request is
 * fixed, so that it can be nothing but this call, to STS, about one decision.
 */
export interface SignedIdentity {
  readonly credential: string;
  readonly date: string;
  readonly signature: string;
  readonly token?: string;
}

/** The header that the signature covers besides the host: the digest of the decision. */
export const decisionHeader = 'x-cordon-decision';
/** STS takes no signature that is older than a quarter of an hour. */
export const signedSeconds = 900;
/** The parameters of the call, without those of its signature. */
export const identityCall = { Action: 'GetCallerIdentity', Version: '2011-06-15' } as const;

/** The address of STS in a region; no text from outside is part of it. */
export const stsAddress = (region: string): string =>
  `https://sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;

const forms = {
  credential: /^\w{4,128}\/\d{8}\/[a-z0-9-]{1,30}\/sts\/aws4_request$/,
  date: /^\d{8}T\d{6}Z$/,
  signature: /^[0-9a-f]{64}$/,
  token: /^[\w+/=-]{1,8192}$/,
} as const;

const partOf = (identity: unknown, name: keyof typeof forms): string | undefined => {
  const text = textAt(identity, name);
  return text !== null && forms[name].test(text) ? text : undefined;
};

const readIdentity = (identity: unknown): SignedIdentity | undefined => {
  const [credential, date, signature, token] = [
    partOf(identity, 'credential'),
    partOf(identity, 'date'),
    partOf(identity, 'signature'),
    partOf(identity, 'token'),
  ];
  const isCut = token === undefined && at(identity, 'token') !== undefined;
  return credential === undefined || date === undefined || signature === undefined || isCut
    ? undefined
    : { credential, date, signature, ...(token !== undefined && { token }) };
};

const queryOf = ({ credential, date, signature, token }: SignedIdentity): string =>
  String(
    new URLSearchParams({
      ...identityCall,
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': credential,
      'X-Amz-Date': date,
      'X-Amz-Expires': String(signedSeconds),
      ...(token !== undefined && { 'X-Amz-Security-Token': token }),
      'X-Amz-SignedHeaders': `host;${decisionHeader}`,
      'X-Amz-Signature': signature,
    }),
  );

/** Who signed this decision, as AWS says it; or why nobody did. */
export type WhoSigned = (identity: unknown, digest: string) => Promise<Person | ProofRefusal>;

interface Asking {
  /** Of STS. */
  readonly address: string;
  readonly fetch: typeof fetch;
}

/** How long STS may take before the state machine asks again. */
const deadlineMs = 5_000;

const answerOf = async (
  { address, fetch }: Asking,
  identity: SignedIdentity,
  digest: string,
): Promise<{ readonly status: number; readonly body: string }> => {
  try {
    const answer = await fetch(`${address}/?${queryOf(identity)}`, {
      headers: { [decisionHeader]: digest, accept: 'text/xml' },
      redirect: 'error',
      signal: AbortSignal.timeout(deadlineMs),
    });
    return { status: answer.status, body: await answer.text() };
  } catch (error) {
    throw new BusyError(`STS gave no answer: ${errorText(error)}`, { cause: error });
  }
};

/**
 * Asks STS who signed a decision. Throws a BusyError while STS is slow or busy, so that the caller
 * is retried.
 */
export const personReader =
  (asking: Asking): WhoSigned =>
  async (identity, digest) => {
    const signed = readIdentity(identity);
    if (!signed) return refused('anonymous');
    const { status, body } = await answerOf(asking, signed, digest);
    if (status === 429 || status >= 500) throw new BusyError(`STS answered ${status}`);
    const [, arn] = /<Arn>(arn:[^<\s]{1,500})<\/Arn>/.exec(body) ?? [];
    const [, userId] = /<UserId>([^<\s]{1,200})<\/UserId>/.exec(body) ?? [];
    return status === 200 && arn !== undefined && userId !== undefined
      ? { arn, userId }
      : refused('unknown');
  };
