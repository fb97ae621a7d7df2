import type { KMSClient } from '@aws-sdk/client-kms';
import { drillFields, proofMember } from '../responders/incident/drill.ts';
import { makeProof } from '../responders/incident/make-proof.ts';
import { isRecord } from '../responders/shared/json.ts';

/** The detail of a drill with the proof that its sender may drill: `kms` is in the drill role. */
export const provenDetail = async (
  kms: KMSClient,
  key: string,
  detail: unknown,
  now = Date.now(),
): Promise<unknown> => {
  if (!isRecord(detail)) return detail;
  const proof = await makeProof(kms, key, { purpose: 'drill', fields: drillFields(detail), now });
  return { ...detail, [proofMember]: proof };
};
