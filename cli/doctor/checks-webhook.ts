import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsPlace, type Place } from '../../operator/place.ts';
import type { CheckOutcome, DoctorCheck } from './checks.ts';

/** Whether the second channel knows where it sends to. The secret itself is not read. */
export const webhookOutcome = async (place: Place): Promise<CheckOutcome> => {
  const SecretId = place.outputs.CordonResponse?.WebhookSecretId;
  if (SecretId === undefined) return { detail: 'not deployed' };
  const client = new SecretsManagerClient(await place.config('operator'));
  const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId }));
  return Object.keys(VersionIdsToStages).length > 0
    ? { detail: 'its secret has a value' }
    : {
        detail: 'its secret is empty, so it is told nothing',
        fix: 'put address and key into it: see "The second channel" in docs/operations.md',
      };
};

export const awsWebhook: DoctorCheck = {
  name: 'Webhook',
  look: async () => webhookOutcome(await awsPlace()),
};
