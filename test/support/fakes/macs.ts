import { createHmac } from 'node:crypto';
import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import { makeProof } from '../../../responders/incident/make-proof.ts';
import type { KeysByPurpose, ProvenFields, Purpose } from '../../../responders/incident/proof.ts';
import { proofChecker } from '../../../responders/incident/proof.ts';
import type { VerifyMac } from '../../../responders/incident/verify-mac.ts';

interface MacInput {
  readonly KeyId: string;
  readonly Message: Uint8Array;
}

const keys: KeysByPurpose = {
  drill: 'key/drill',
  answer: 'key/answer',
  release: 'key/release',
  contain: 'key/answer',
};
const macOf = ({ KeyId, Message }: MacInput): Buffer =>
  createHmac('sha256', KeyId).update(Message).digest();

const kms = new KMSClient({ region: 'eu-west-1' });
mockClient(kms)
  .on(GenerateMacCommand)
  .callsFake((input: MacInput) => ({ Mac: macOf(input) }));

/** Verifies as KMS does, with three HMAC keys. */
export const fakeVerifyMac: VerifyMac = async (KeyId, Message, mac) =>
  macOf({ KeyId, Message }).equals(mac);

/** Makes and checks proofs by this clock. */
export const fakeMacs = (now: () => number, verifyMac = fakeVerifyMac) => ({
  checkProof: proofChecker({ verifyMac, keys, now }),
  /** A proof as the maker's role makes it; another key makes a forged one. */
  prove: (purpose: Purpose, fields: ProvenFields, key = keys[purpose]): Promise<string> =>
    makeProof(kms, key, { purpose, fields, now: now() }),
});
