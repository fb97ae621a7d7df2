import { KMSClient } from '@aws-sdk/client-kms';
import { assume, clientConfig } from '../../local/engine/clients.ts';
import { provenDetail } from '../../operator/drill-detail.ts';
import type { EngineAddress } from './targets.ts';

/** Adds to the detail of a drill the proof that its sender may drill. */
export type Prover = (detail: unknown) => Promise<unknown>;

export const proverOf = async (
  at: EngineAddress,
  outputs: Readonly<Record<string, string>>,
): Promise<Prover> => {
  const keys = await assume(at, outputs.DrillRoleArn ?? '', 'prover');
  const kms = new KMSClient(clientConfig(at, keys));
  return (detail) => provenDetail(kms, outputs.DrillKeyArn ?? '', detail);
};
