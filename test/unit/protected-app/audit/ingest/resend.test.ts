import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import { resendGivenUp } from '../../../../../protected-app/audit/ingest/resend.ts';

const arn = (name: string): string => `arn:aws:sqs:us-east-1:123456789012:${name}`;
const begunAt = 1_000;

const given = (name: string, DeadLetterQueueSourceArn?: string, sentAt = begunAt - 1): Message => ({
  ...{ MessageId: name, Body: `body of ${name}`, ReceiptHandle: `receipt of ${name}` },
  Attributes: {
    SentTimestamp: String(sentAt),
    ...(DeadLetterQueueSourceArn !== undefined && { DeadLetterQueueSourceArn }),
  },
});

const resending = async (...batches: readonly (readonly Message[])[]) => {
  const sqs = mockClient(SQSClient);
  const waiting = [...batches];
  sqs.on(ReceiveMessageCommand).callsFake(() => ({ Messages: waiting.shift() ?? [] }));
  const errors: unknown[] = [];
  const result = await resendGivenUp(
    {
      ...{ sqs: new SQSClient(), queueUrl: 'queue', queueArn: arn('queue'), givenUpUrl: 'given' },
      log: {
        ...{ info: () => undefined, warn: () => undefined },
        error: (_input, ...extra) => void errors.push(...extra),
      },
    },
    begunAt,
  );
  const [sent, deleted] = [
    sqs.commandCalls(SendMessageCommand).map(({ args: [{ input }] }) => input),
    sqs.commandCalls(DeleteMessageCommand).map(({ args: [{ input }] }) => input.ReceiptHandle),
  ];
  const [asked] = sqs.commandCalls(ReceiveMessageCommand).map(({ args: [{ input }] }) => input);
  return { result, sent, deleted, asked, errors };
};

it('hands in what the functions, a topic and the own queue have given up', async () => {
  const { result, sent, deleted, asked } = await resending([
    given('refused'),
    given('failed', arn('queue')),
  ]);

  expect(result).toEqual({ resent: 2, foreign: 0 });
  expect(sent).toEqual([
    { QueueUrl: 'queue', MessageBody: 'body of refused' },
    { QueueUrl: 'queue', MessageBody: 'body of failed' },
  ]);
  expect(deleted).toEqual(['receipt of refused', 'receipt of failed']);
  expect(asked?.MessageSystemAttributeNames).toContain('DeadLetterQueueSourceArn');
});

it('leaves what was in the queue of a stranger, says so, and goes on behind it', async () => {
  const forged = Array.from({ length: 10 }, (_, index) => given(`forged-${index}`, arn('evil')));

  const { result, sent, deleted, errors } = await resending(forged, [given('refused')]);

  expect(result).toEqual({ resent: 1, foreign: 10 });
  expect(sent.map(({ MessageBody }) => MessageBody)).toEqual(['body of refused']);
  expect(deleted).toEqual(['receipt of refused']);
  expect(errors).toMatchObject([{ queues: [arn('evil')] }]);
});

it('ends, and leaves what was given up after it has begun', async () => {
  const late = await resending([given('late', undefined, begunAt)], [given('refused')]);
  expect(late.result).toEqual({ resent: 0, foreign: 0 });

  const batch = Array.from({ length: 10 }, (_, index) => given(`again-${index}`));
  const { result } = await resending(...Array.from({ length: 150 }, () => batch));
  expect(result.resent).toBe(1_000);
});
