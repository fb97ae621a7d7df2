import { KMSClient } from '@aws-sdk/client-kms';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { SignatureV4 } from '@smithy/signature-v4';
import { makeProof } from '../responders/incident/make-proof.ts';
import {
  decisionHeader,
  identityCall,
  type SignedIdentity,
  signedSeconds,
  stsAddress,
} from '../responders/incident/person.ts';
import { digestIn, type ProvenFields } from '../responders/incident/proof.ts';
import { Sha256 } from '../responders/shared/sha256.ts';
import { CordonError } from './errors.ts';
import { type DecidingPlace, output } from './place.ts';

/** What a state machine needs to believe a person. */
export interface ProvenWord {
  readonly by: string;
  readonly proof: string;
  readonly identity: SignedIdentity;
}

const queryText = (query: Readonly<Record<string, unknown>> | undefined, name: string): string => {
  const text = query?.[name];
  if (typeof text === 'string') return text;
  throw new CordonError(`the AWS SDK signed without ${name}`);
};

/**
 * A `sts:GetCallerIdentity` that the person signs and nobody sends yet. It covers the digest of one
 * decision: whoever steals it can say nothing else with it.
 */
const signedIdentity = async (
  sts: STSClient,
  { region, local }: DecidingPlace,
  digest: string,
): Promise<SignedIdentity> => {
  const signer = new SignatureV4({
    service: 'sts',
    region,
    credentials: await sts.config.credentials(),
    sha256: Sha256,
  });
  const { protocol, host, hostname } = new URL(local?.endpoint ?? stsAddress(region));
  const { query } = await signer.presign(
    {
      method: 'GET',
      protocol,
      hostname,
      path: '/',
      query: { ...identityCall },
      headers: { host, [decisionHeader]: digest },
    },
    { expiresIn: signedSeconds },
  );
  return {
    credential: queryText(query, 'X-Amz-Credential'),
    date: queryText(query, 'X-Amz-Date'),
    signature: queryText(query, 'X-Amz-Signature'),
    ...(query?.['X-Amz-Security-Token'] !== undefined && {
      token: queryText(query, 'X-Amz-Security-Token'),
    }),
  };
};

/** The role that may say it, and the key with which it proves that. */
const makers = {
  answer: { role: 'approve', key: 'AnswerKeyArn' },
  contain: { role: 'approve', key: 'AnswerKeyArn' },
  release: { role: 'release', key: 'ReleaseKeyArn' },
} as const;

/** The ARN of the person at the keyboard, as AWS says it. */
export const callerArn = async (place: DecidingPlace): Promise<string> => {
  const sts = new STSClient(await place.config('operator'));
  const { Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
  return Arn;
};

/**
 * Proves a decision: by a MAC that only the role for it can make, and by the signature of the
 * person with keys of their own.
 */
export const proven = async (
  place: DecidingPlace,
  purpose: keyof typeof makers,
  fieldsBy: (by: string) => ProvenFields,
): Promise<ProvenWord> => {
  const sts = new STSClient(await place.config('operator'));
  const by = await callerArn(place);
  const maker = makers[purpose];
  const kms = new KMSClient(await place.config(maker.role));
  const key = output(place, 'CordonResponse', maker.key);
  const proof = await makeProof(kms, key, { purpose, fields: fieldsBy(by), now: Date.now() });
  return { by, proof, identity: await signedIdentity(sts, place, digestIn(proof)) };
};
