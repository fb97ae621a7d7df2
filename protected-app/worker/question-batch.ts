import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { AppLog } from '../shared/log.ts';
import { maxDeliveries, questionMessage } from '../shared/question-message.ts';
import {
  answerQuestion,
  type Delivery,
  type DeliveryVerdict,
  type QuestionWorker,
} from './answer-question.ts';
import { failUnclaimed } from './ledger.ts';

/** The fields of SQS's event that are read here. */
export interface QuestionRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: { readonly ApproximateReceiveCount: string };
  readonly messageAttributes?: Readonly<
    Record<string, { readonly stringValue?: string | undefined }>
  >;
}

interface QuestionBatch {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly worker: Omit<QuestionWorker, 'log'>;
  readonly log: (correlationId: string) => AppLog;
}

/** Thrown so that the message stays in the queue. */
class RedeliveryError extends Error {
  override readonly name = 'ComesBack';
}

/**
 * The handler of the queue. It works on all messages of a batch at once; each succeeds or fails
 * alone. `failed` names the messages that are done with, and whose question has no answer.
 */
export const questionBatch = (batch: QuestionBatch) => {
  const { now } = batch.worker.books;
  return async (
    event: { readonly Records: readonly QuestionRecord[] },
    context: { readonly getRemainingTimeInMillis: () => number },
  ) => {
    const aliveUntil = now() + context.getRemainingTimeInMillis();
    const records = new Map(event.Records.map((record) => [record.messageId, record]));
    const failed: string[] = [];
    const handleRecord = async ({ messageId }: { readonly messageId: string }): Promise<void> => {
      const record = records.get(messageId);
      if (record && !(await processRecord(batch, record, aliveUntil))) failed.push(messageId);
    };
    const { batchItemFailures } = await processPartialResponse(
      { Records: [...event.Records] },
      handleRecord,
      new BatchProcessor(EventType.SQS),
      {
        throwOnFullBatchFailure: false,
      },
    );
    return { batchItemFailures, ...(failed.length > 0 && { failed }) };
  };
};

/**
 * The delay after an unexpected error: long enough for a passing fault, short enough for a waiting
 * user.
 */
const secondsAfterError = 10;

/** Whether the question of a message was answered; a message that comes back throws. */
const processRecord = async (
  batch: QuestionBatch,
  record: QuestionRecord,
  aliveUntil: number,
): Promise<boolean> => {
  const log = batch.log(record.messageAttributes?.correlationId?.stringValue ?? record.messageId);
  const number = Number(record.attributes.ApproximateReceiveCount);
  const delivery = { number, isLast: number >= maxDeliveries, aliveUntil };
  const message = questionMessage.safeParse(jsonOf(record.body));
  const verdict = message.success
    ? await answerOrReport(batch, message.data.id, delivery, log)
    : 'mishap';
  if (!message.success) log.error('a message that is no question', { message: record.messageId });
  if (verdict !== 'mishap' && verdict.kind === 'done') return verdict.answered;
  return returnToQueue(
    batch,
    record,
    verdict === 'mishap' ? secondsAfterError : verdict.afterSeconds,
    log,
  );
};

const internalErrorReason =
  'Internal error. The question was not answered; ' +
  'ask again, and quote the id of the question if it persists.';

/**
 * After an unexpected error at the last delivery the question fails, so that its owner learns of
 * it. The message becomes a dead letter.
 */
const answerOrReport = async (
  { worker }: QuestionBatch,
  id: string,
  delivery: Delivery,
  log: AppLog,
): Promise<DeliveryVerdict | 'mishap'> => {
  try {
    return await answerQuestion(id, delivery, { ...worker, log });
  } catch (error) {
    log.error('a question could not be worked on', { query: id, delivery: delivery.number, error });
    if (delivery.isLast) await failUnclaimed(worker.books, id, internalErrorReason);
    return 'mishap';
  }
};

const returnToQueue = async (
  { sqs, queueUrl }: QuestionBatch,
  { receiptHandle }: QuestionRecord,
  seconds: number,
  log: AppLog,
): Promise<never> => {
  const visibility = {
    QueueUrl: queueUrl,
    ReceiptHandle: receiptHandle,
    VisibilityTimeout: seconds,
  };
  await sqs
    .send(new ChangeMessageVisibilityCommand(visibility))
    .catch((error: unknown) => log.warn('the message comes back later than it should', { error }));
  throw new RedeliveryError(`again after ${seconds} s`);
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
