import {
  ConfirmSubscriptionCommand,
  GetSubscriptionAttributesCommand,
  InvalidParameterException,
  ListSubscriptionsByTopicCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Place } from '../../../operator/place.ts';
import { confirmSubscription, subscriptionsOf } from '../../../operator/subscription.ts';

const topic = 'arn:aws:sns:eu-west-1:111122223333:CordonResponse-Topic';
const token = '2336412f37fb687f5d51e6e2425f0123456789abcdef';
const place: Place = {
  account: '111122223333',
  region: 'eu-west-1',
  outputs: { CordonResponse: { TopicArn: topic } },
  local: null,
  config: () => Promise.resolve({ region: 'eu-west-1' }),
  withKeys: () => ({ region: 'eu-west-1' }),
};
const linkTo = (address: string, named = topic, given = token) =>
  `${address}?TopicArn=${encodeURIComponent(named)}&Token=${given}`;
const mailLink = linkTo('https://sns.eu-west-1.amazonaws.com/confirmation.html');

const sns = mockClient(SNSClient);
beforeEach(() => {
  sns.reset();
  sns.on(ConfirmSubscriptionCommand).resolves({ SubscriptionArn: `${topic}:s1` });
});

describe('cordon confirm', () => {
  it.each([
    ['of a mail', mailLink],
    ['of the API', linkTo('https://sns.eu-west-1.amazonaws.com/')],
    ['copied with spaces around it', `  ${mailLink}\n`],
  ])('confirms by the link %s, and only the account can unsubscribe', async (_words, link) => {
    expect(await confirmSubscription(place, link)).toBe(`${topic}:s1`);
    expect(sns.commandCalls(ConfirmSubscriptionCommand).map(({ args }) => args[0].input)).toEqual([
      { TopicArn: topic, Token: token, AuthenticateOnUnsubscribe: 'true' },
    ]);
  });

  it.each([
    ['no address', 'confirm me', 'it is no address'],
    ['another host', linkTo('https://sns.eu-west-1.amazonaws.com.evil.example/'), 'its host is'],
    ['a host before an @', linkTo('https://sns.eu-west-1.amazonaws.com@evil.example/'), 'its host'],
    ['another region', linkTo('https://sns.us-east-1.amazonaws.com/'), 'its host is'],
    ['no encryption', linkTo('http://sns.eu-west-1.amazonaws.com/'), 'its host is'],
    ['another topic', linkTo('https://sns.eu-west-1.amazonaws.com/', `${topic}x`), 'the topic arn'],
    ['no topic', 'https://sns.eu-west-1.amazonaws.com/?Token=x', 'it names the topic (none)'],
    ['no token', linkTo('https://sns.eu-west-1.amazonaws.com/', topic, ''), 'it holds no token'],
    [
      'a token with a query',
      linkTo('https://sns.eu-west-1.amazonaws.com/', topic, '%26a'),
      'token',
    ],
  ])('refuses a link with %s, and calls nothing', async (_words, link, why) => {
    await expect(confirmSubscription(place, link)).rejects.toThrow(why);
    expect(sns.calls()).toEqual([]);
  });

  it('says what to do where SNS does not take the token', async () => {
    const error = new InvalidParameterException({ message: 'Invalid token', $metadata: {} });
    sns.on(ConfirmSubscriptionCommand).rejects(error);
    await expect(confirmSubscription(place, mailLink)).rejects.toThrow(
      'the link is older than two days or already used. Subscribe the address again',
    );
  });
});

it('names who waits for a confirmation, and whom a link can unsubscribe', async () => {
  const of = (Endpoint: string, SubscriptionArn: string) => ({
    Endpoint,
    SubscriptionArn,
    Protocol: 'email',
  });
  sns.on(ListSubscriptionsByTopicCommand).resolves({
    Subscriptions: [
      of('new@example.org', 'PendingConfirmation'),
      of('link@example.org', `${topic}:open`),
      of('team@example.org', `${topic}:safe`),
    ],
  });
  for (const state of ['open', 'safe'])
    sns
      .on(GetSubscriptionAttributesCommand, { SubscriptionArn: `${topic}:${state}` })
      .resolves({ Attributes: { ConfirmationWasAuthenticated: String(state === 'safe') } });

  expect(await subscriptionsOf(place)).toEqual([
    { endpoint: 'new@example.org', protocol: 'email', state: 'pending' },
    { endpoint: 'link@example.org', protocol: 'email', state: 'open' },
    { endpoint: 'team@example.org', protocol: 'email', state: 'safe' },
  ]);
});
