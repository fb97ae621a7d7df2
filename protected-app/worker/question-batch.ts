import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Log } from '../shared/log.ts';
import { deliveries, questionMessage } from '../shared/question-message.ts';
import { answerQuestion, type Delivery, type Verdict, type Worker } from './answer-question.ts';
import { refuse } from './ledger.ts';

/** What SQS hands over; only what we read of it. */
export interface QuestionRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: { readonly ApproximateReceiveCount: string };
  readonly messageAttributes?: Readonly<
    Record<string, { readonly stringValue?: string | undefined }>
  >;
}

interface Batch {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly worker: Omit<Worker, 'log'>;
  readonly log: (correlationId: string) => Log;
}

/** How SQS is told that a message is not done: it stays in the queue. */
class ComesBack extends Error {
  override readonly name = 'ComesBack';
}

/** The handler of the queue: all messages of a batch at once, and each of them for itself. */
export const questionBatch = (batch: Batch) => {
  const { now } = batch.worker.books;
  return (
    event: { readonly Records: readonly QuestionRecord[] },
    context: { readonly getRemainingTimeInMillis: () => number },
  ) => {
    const aliveUntil = now() + context.getRemainingTimeInMillis();
    const records = new Map(event.Records.map((record) => [record.messageId, record]));
    const one = async ({ messageId }: { readonly messageId: string }): Promise<void> => {
      const record = records.get(messageId);
      if (record) await answer(batch, record, aliveUntil);
    };
    return processPartialResponse(
      { Records: [...event.Records] },
      one,
      new BatchProcessor(EventType.SQS),
      {
        throwOnFullBatchFailure: false,
      },
    );
  };
};

/**
 * After something that should not have happened: long enough for what passes, short enough for
 * somebody who waits.
 */
const mishapSeconds = 10;

const answer = async (batch: Batch, record: QuestionRecord, aliveUntil: number): Promise<void> => {
  const line = batch.log(record.messageAttributes?.correlationId?.stringValue ?? record.messageId);
  const number = Number(record.attributes.ApproximateReceiveCount);
  const delivery = { number, last: number >= deliveries, aliveUntil };
  const message = questionMessage.safeParse(jsonOf(record.body));
  const verdict = message.success
    ? await answered(batch, message.data.id, delivery, line)
    : 'mishap';
  if (!message.success) line.error('a message that is no question', { message: record.messageId });
  if (verdict !== 'mishap' && verdict.kind === 'done') return;
  await comeBack(batch, record, verdict === 'mishap' ? mishapSeconds : verdict.afterSeconds, line);
};

/**
 * An end is told to the owner also where nobody knows what is wrong; the message itself becomes a
 * dead letter then.
 */
const answered = async (
  { worker }: Batch,
  id: string,
  delivery: Delivery,
  log: Log,
): Promise<Verdict | 'mishap'> => {
  try {
    return await answerQuestion(id, delivery, { ...worker, log });
  } catch (error) {
    log.error('a question could not be worked on', { query: id, delivery: delivery.number, error });
    if (delivery.last)
      await refuse(worker.books, id, 'Something went wrong here. Ask again later.');
    return 'mishap';
  }
};

const comeBack = async (
  { sqs, queueUrl }: Batch,
  { receiptHandle }: QuestionRecord,
  seconds: number,
  log: Log,
): Promise<never> => {
  const visibility = {
    QueueUrl: queueUrl,
    ReceiptHandle: receiptHandle,
    VisibilityTimeout: seconds,
  };
  await sqs
    .send(new ChangeMessageVisibilityCommand(visibility))
    .catch((error: unknown) => log.warn('the message comes back later than it should', { error }));
  throw new ComesBack(`again after ${seconds} s`);
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
