import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Log } from '../shared/log.ts';
import { deliveries, questionMessage } from '../shared/question-message.ts';
import { answerQuestion, type Worker } from './answer-question.ts';
import { refuse } from './ledger.ts';

/** What SQS hands over; only what we read of it. */
export interface QuestionRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: { readonly ApproximateReceiveCount: string };
  readonly messageAttributes?: Readonly<Record<string, { readonly stringValue?: string | undefined }>>;
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
  return (event: { readonly Records: readonly QuestionRecord[] }, context: { readonly getRemainingTimeInMillis: () => number }) => {
    const aliveUntil = now() + context.getRemainingTimeInMillis();
    const records = new Map(event.Records.map((record) => [record.messageId, record]));
    const one = async ({ messageId }: { readonly messageId: string }): Promise<void> => {
      const record = records.get(messageId);
      if (record) await answer(batch, record, aliveUntil);
    };
    return processPartialResponse({ Records: [...event.Records] }, one, new BatchProcessor(EventType.SQS), {
      throwOnFullBatchFailure: false,
    });
  };
};

const answer = async ({ sqs, queueUrl, worker, log }: Batch, record: QuestionRecord, aliveUntil: number): Promise<void> => {
  const line = log(record.messageAttributes?.correlationId?.stringValue ?? record.messageId);
  const number = Number(record.attributes.ApproximateReceiveCount);
  const delivery = { number, last: number >= deliveries, aliveUntil };
  const message = questionMessage.safeParse(jsonOf(record.body));
  if (!message.success) {
    line.error('a message that is no question', { message: record.messageId });
    throw new ComesBack('no question');
  }
  const { id } = message.data;
  const verdict = await answerQuestion(id, delivery, { ...worker, log: line }).catch(async (error: unknown) => {
    line.error('a question could not be worked on', { query: id, delivery: number, error });
    if (delivery.last) await refuse(worker.books, id, 'Something went wrong here. Ask again later.');
    throw error;
  });
  if (verdict.kind === 'done') return;
  const visibility = { QueueUrl: queueUrl, ReceiptHandle: record.receiptHandle, VisibilityTimeout: verdict.afterSeconds };
  await sqs
    .send(new ChangeMessageVisibilityCommand(visibility))
    .catch((error: unknown) => line.warn('the message comes back later than it should', { query: id, error }));
  throw new ComesBack(`again after ${verdict.afterSeconds} s`);
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
