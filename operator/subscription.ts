import {
  ConfirmSubscriptionCommand,
  GetSubscriptionAttributesCommand,
  paginateListSubscriptionsByTopic,
  SNSClient,
} from '@aws-sdk/client-sns';
import { printable } from '../responders/shared/printable.ts';
import { CordonError } from './errors.ts';
import { type DecidingPlace, output, type Place } from './place.ts';

/** What a subscription waits for; `open` where its unsubscribe link works for anybody. */
export type SubscriptionState = 'pending' | 'open' | 'safe';

export interface SubscriptionView {
  readonly endpoint: string;
  readonly protocol: string;
  readonly state: SubscriptionState;
}

const refused = (why: string): CordonError =>
  new CordonError(
    `this is not the confirmation link of a mail of Cordon's topic: ${why}. Copy the whole ` +
      'address behind "Confirm subscription"; nothing was sent to it',
    { code: 2 },
  );

const urlIn = (link: string): URL => {
  if (!URL.canParse(link)) throw refused('it is no address');
  return new URL(link);
};

/**
 * The token of a confirmation link. The link itself is never opened: only the host of SNS in the
 * region of the deployment and the topic of the deployment are accepted.
 */
export const tokenIn = (
  link: string,
  { region, topic }: { readonly region: string; readonly topic: string },
): string => {
  const { protocol, host, searchParams } = urlIn(link.trim());
  const hosts = [`sns.${region}.amazonaws.com`, `sns.${region}.amazonaws.com.cn`];
  if (protocol !== 'https:' || !hosts.includes(host))
    throw refused(`its host is ${printable(host, 80)}, not ${hosts[0]}`);
  const named = searchParams.get('TopicArn') ?? '';
  if (named !== topic) throw refused(`it names the topic ${printable(named, 120) || '(none)'}`);
  const token = searchParams.get('Token') ?? '';
  if (!/^[\w-]{16,1024}$/.test(token)) throw refused('it holds no token');
  return token;
};

/**
 * Confirms a subscription with a signed call that asks for authentication of the unsubscription: a
 * mail scanner that follows the unsubscribe link of a mail then ends nothing.
 */
export const confirmSubscription = async (place: Place, link: string): Promise<string> => {
  const topic = output(place, 'CordonResponse', 'TopicArn');
  const Token = tokenIn(link, { region: place.region, topic });
  const sns = new SNSClient(await place.config('operator'));
  try {
    const { SubscriptionArn = '' } = await sns.send(
      new ConfirmSubscriptionCommand({
        TopicArn: topic,
        Token,
        AuthenticateOnUnsubscribe: 'true',
      }),
    );
    return SubscriptionArn;
  } catch (error) {
    if (error instanceof Error && /^InvalidParameter|^NotFound/.test(error.name))
      throw new CordonError(
        'SNS does not take this token: the link is older than two days or already used. ' +
          'Subscribe the address again, then confirm the new mail',
        { cause: error },
      );
    throw error;
  }
};

const stateOf = async (sns: SNSClient, arn: string): Promise<SubscriptionState> => {
  if (!arn.startsWith('arn:')) return 'pending';
  const { Attributes = {} } = await sns.send(
    new GetSubscriptionAttributesCommand({ SubscriptionArn: arn }),
  );
  return Attributes.ConfirmationWasAuthenticated === 'true' ? 'safe' : 'open';
};

/** Who receives the mails of the deployment. */
export const subscriptionsOf = async (
  place: DecidingPlace,
): Promise<readonly SubscriptionView[]> => {
  const sns = new SNSClient(await place.config('operator'));
  const TopicArn = output(place, 'CordonResponse', 'TopicArn');
  const views: SubscriptionView[] = [];
  for await (const page of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn }))
    for (const { SubscriptionArn = '', Endpoint = '', Protocol = '' } of page.Subscriptions ?? [])
      views.push({
        endpoint: Endpoint,
        protocol: Protocol,
        state: await stateOf(sns, SubscriptionArn),
      });
  return views;
};
