import { paginateListSubscriptionsByTopic, type SNSClient } from '@aws-sdk/client-sns';
import { compare, type Differences } from './checker.ts';
import type { DeployedTopic } from './deployed.ts';

/** Who gets the mails, and who has not yet confirmed that they want them. */
const read = async (TopicArn: string, client: SNSClient) => {
  const confirmed: string[] = [];
  const pending: string[] = [];
  for await (const page of paginateListSubscriptionsByTopic({ client }, { TopicArn }))
    for (const { Endpoint = '', SubscriptionArn } of page.Subscriptions ?? [])
      (SubscriptionArn?.startsWith('arn:') ? confirmed : pending).push(Endpoint);
  return { confirmed, pending };
};

/** Whether the mails of one topic go to whom the configuration names, and to nobody else. */
export const checkTopic = (
  { arn, addresses }: DeployedTopic,
  sns: SNSClient,
): Promise<Differences> =>
  compare(`topic ${arn.split(':').at(-1)}`, read(arn, sns), ({ confirmed, pending }) => [
    ...addresses
      .filter((address) => !confirmed.includes(address))
      .map((address) =>
        pending.includes(address)
          ? `does not reach ${address}, who has not confirmed it: see cordon confirm`
          : `does not reach ${address} any more`,
      ),
    ...confirmed
      .filter((address) => !addresses.includes(address))
      .map((address) => `also reaches ${address}, which was not deployed`),
  ]);
