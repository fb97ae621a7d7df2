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
  readonly givenUpUrl: string;
  readonly log: AppLog;
}

export interface ResendResult {
  readonly resent: number;
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

/**
 * Gives `AuditIngest` everything again that it has given up: what it can keep now it keeps, and it
 * gives up the rest again, with a reason. A message that was given up after the run has begun waits
 * for the next.
 */
export const resendGivenUp = async (deps: ResendDeps, begunAt: number): Promise<ResendResult> => {
  const sentAt = ({ Attributes }: Message): number => Number(Attributes?.SentTimestamp ?? 0);
  let resent = 0;
  for (;;) {
    const { Messages = [] } = await deps.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: deps.givenUpUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ['SentTimestamp'],
      }),
    );
    const older = Messages.filter((message) => sentAt(message) < begunAt);
    for (const message of older) await resend(deps, message);
    resent += older.length;
    if (older.length === 0 || resent >= mostMessages) break;
  }
  deps.log.info('given up messages were sent again', { resent });
  return { resent };
};
