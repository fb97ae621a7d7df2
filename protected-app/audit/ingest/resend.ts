import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { AppLog } from '../../shared/log.ts';

export interface ResendDeps {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly givenUpUrl: string;
  readonly log: AppLog;
}

export interface ResendResult {
  readonly resent: number;
  /** Messages of other queues, which stay where they are. */
  readonly foreign: number;
}

/** One run ends, however much is given up again while it works. */
const mostMessages = 1_000;

/**
 * The message as it came, without the reason: what its producer wrote is judged again. It is in the
 * queue before it leaves the other, and an event that comes twice is kept once.
 */
const resend = async (
  { sqs, queueUrl, givenUpUrl }: ResendDeps,
  { Body, ReceiptHandle }: Message,
): Promise<void> => {
  await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: Body }));
  await sqs.send(new DeleteMessageCommand({ QueueUrl: givenUpUrl, ReceiptHandle }));
};

const sentAt = ({ Attributes }: Message): number => Number(Attributes?.SentTimestamp ?? 0);

/**
 * Whether AuditIngest or SNS has sent it, or the queue has given it up. Whoever may make a queue
 * can name this one as its dead-letter queue, and SQS then moves what they wrote: an envelope with
 * any topic. SQS itself writes where a message was.
 */
const isOwn = ({ queueArn }: ResendDeps, { Attributes }: Message): boolean =>
  [undefined, queueArn].includes(Attributes?.DeadLetterQueueSourceArn);

/** The next messages that were given up before the run has begun. */
const nextGivenUp = async (
  { sqs, givenUpUrl }: ResendDeps,
  begunAt: number,
): Promise<readonly Message[]> => {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: givenUpUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ['SentTimestamp', 'DeadLetterQueueSourceArn'],
    }),
  );
  return Messages.filter((message) => sentAt(message) < begunAt);
};

/**
 * Gives `AuditIngest` everything again that it has given up: what it can keep now it keeps, and it
 * gives up the rest again, with a reason. A message that was given up after the run has begun waits
 * for the next.
 */
export const resendGivenUp = async (deps: ResendDeps, begunAt: number): Promise<ResendResult> => {
  const foreign = new Map<string, string>();
  let [resent, looked] = [0, 0];
  while (looked < mostMessages) {
    const messages = await nextGivenUp(deps, begunAt);
    if (messages.length === 0) break;
    looked += messages.length;
    const own = messages.filter((message) => isOwn(deps, message));
    for (const message of own) await resend(deps, message);
    resent += own.length;
    for (const { MessageId = '', Attributes } of messages.filter((each) => !own.includes(each)))
      foreign.set(MessageId, Attributes?.DeadLetterQueueSourceArn ?? '');
  }
  if (foreign.size > 0)
    deps.log.error('messages of other queues were not sent again', {
      ...{ messages: [...foreign.keys()], queues: [...new Set(foreign.values())] },
    });
  deps.log.info('given up messages were sent again', { resent });
  return { resent, foreign: foreign.size };
};
