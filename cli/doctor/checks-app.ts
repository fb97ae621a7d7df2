import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { awsPlace, output, type Place } from '../../operator/place.ts';
import type { CheckOutcome, DoctorCheck } from './checks.ts';

/** Secrets that are deployed without a value, and what fails until they have one. */
const secrets = {
  OpenAiSecretId: 'questions fail',
  SalesforceSecretId: 'customers are not copied',
} as const;

/** Whether the secrets of the application have values and its alarms a confirmed reader. */
export const appOutcome = async (place: Place): Promise<CheckOutcome> => {
  if (!place.outputs.CordonProtectedApp) return { detail: 'not deployed' };
  const config = await place.config('operator');
  const client = new SecretsManagerClient(config);
  const empty = await Promise.all(
    Object.entries(secrets).map(async ([name, without]) => {
      const SecretId = output(place, 'CordonProtectedApp', name);
      const { VersionIdsToStages = {} } = await client.send(
        new DescribeSecretCommand({ SecretId }),
      );
      return Object.keys(VersionIdsToStages).length === 0
        ? [`${name} has no value (${without})`]
        : [];
    }),
  );
  const TopicArn = output(place, 'CordonProtectedApp', 'AppTopicArn');
  const { Attributes = {} } = await new SNSClient(config).send(
    new GetTopicAttributesCommand({ TopicArn }),
  );
  const unread =
    Number(Attributes.SubscriptionsConfirmed ?? 0) === 0
      ? ['no address for the mails of its alarms is confirmed']
      : [];
  const missing = [...empty.flat(), ...unread];
  if (missing.length === 0) return { detail: 'its secrets have values, and its alarms a reader' };
  return {
    detail: missing.join('; '),
    fix: 'see "After the first deployment" in protected-app/README.md',
  };
};

export const awsApp: DoctorCheck = {
  name: 'Protected application',
  look: async () => appOutcome(await awsPlace()),
};
