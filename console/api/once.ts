import type { S3Client } from '@aws-sdk/client-s3';
import { HttpProblem } from '../../protected-app/shared/problem.ts';
import { createBytes } from '../../responders/evidence/store.ts';
import type { ConsoleCaller } from './caller.ts';

/** Where the console keeps what must be written once: beside the evidence, under its lock. */
export interface Ledger {
  readonly s3: S3Client;
  readonly bucket: string;
}

export const ledgerPrefix = 'console/';

/** Creates an object; `false` where it is there already. The bucket takes no other writes. */
export const createOnce = async (ledger: Ledger, key: string, body: object): Promise<boolean> => {
  const created = await createBytes(ledger, {
    key: `${ledgerPrefix}${key}`,
    body: Buffer.from(JSON.stringify(body)),
    type: 'application/json',
  });
  return created !== undefined;
};

/**
 * Uses up a sign-in: a token that is stolen after a decision, and a request that is sent again,
 * decide nothing. Every token of a sign-in has its id, those that a refresh gives too.
 */
export const useSignIn = async (
  ledger: Ledger,
  { name, signIn, signedInAt }: ConsoleCaller,
  decision: { readonly incident: string; readonly what: string; readonly at: number },
): Promise<void> => {
  if (await createOnce(ledger, `sign-ins/${signIn}.json`, { who: name, signedInAt, ...decision }))
    return;
  throw new HttpProblem(409, 'This sign-in was already used for a decision. Sign in again.');
};
