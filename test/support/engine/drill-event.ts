import { KMSClient } from '@aws-sdk/client-kms';
import { assume, clientConfig } from '../../../local/engine/clients.ts';
import { provenDetail } from '../../../operator/drill-detail.ts';
import { at, isRecord } from '../../../responders/shared/json.ts';
import { type Deployed, outputOf } from './deployed.ts';

/** The event of a drill, with the proof that only the drill role can make. */
export const drillEventOf = async (cordon: Deployed, event: unknown): Promise<unknown> => {
  const keys = await assume(cordon, outputOf(cordon, 'DrillRoleArn'), 'a-drill');
  const kms = new KMSClient(clientConfig(cordon, keys));
  const detail = await provenDetail(kms, outputOf(cordon, 'DrillKeyArn'), at(event, 'detail'));
  return { ...(isRecord(event) ? event : {}), detail };
};
