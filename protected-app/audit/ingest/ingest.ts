import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { AppLog } from '../../shared/log.ts';
import type { CountMetric } from '../../shared/metrics.ts';
import { mostDeliveries } from '../deliveries.ts';
import { type AuditTables, keepEvent } from './keep.ts';
import { type Publishers, RefusedMessage, readMessage } from './message.ts';
import { obfuscate } from './obfuscate.ts';

/** The fields of SQS's event that are read here. */
interface AuditMessage {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: { readonly ApproximateReceiveCount: string };
}

export interface IngestDeps {
  readonly tables: AuditTables;
  readonly sqs: SQSClient;
  /** Where messages go that are no events, or that could not be kept; each with its reason. */
  readonly givenUpUrl: string;
  readonly publishers: Publishers;
  readonly readKey: () => Promise<Uint8Array>;
  readonly now: () => number;
  readonly count: CountMetric;
  readonly log: AppLog;
}

type Fate = 'kept' | 'known' | 'refused' | 'comes back';

const reasonOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

/** Attributes hold 256 KiB and no control characters; a reason is one short line. */
const oneLine = (text: string): string => text.replace(/[^\x20-\x7e]/gu, '?').slice(0, 500);

const giveUp = async (
  { sqs, givenUpUrl }: IngestDeps,
  { body, messageId }: AuditMessage,
  reason: string,
): Promise<void> => {
  const text = (value: string) => ({ DataType: 'String', StringValue: oneLine(value) });
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: givenUpUrl,
      MessageBody: body,
      MessageAttributes: { reason: text(reason), messageId: text(messageId) },
    }),
  );
};

const keep = async (deps: IngestDeps, message: AuditMessage): Promise<Fate> => {
  const now = deps.now();
  const event = readMessage(message.body, deps.publishers, now);
  return keepEvent(deps.tables, obfuscate(await deps.readKey(), event), now);
};

const handle = async (deps: IngestDeps, message: AuditMessage): Promise<Fate> => {
  try {
    return await keep(deps, message);
  } catch (error) {
    const isLast = Number(message.attributes.ApproximateReceiveCount) >= mostDeliveries;
    if (!(error instanceof RefusedMessage) && !isLast) throw error;
    const reason = error instanceof RefusedMessage ? error.message : reasonOf(error);
    await giveUp(deps, message, reason);
    deps.log.error('an event was refused', { message: message.messageId, reason });
    return 'refused';
  }
};

const settled = (deps: IngestDeps, message: AuditMessage): Promise<Fate> =>
  handle(deps, message).catch((error: unknown): Fate => {
    deps.log.warn('an event comes back', { message: message.messageId, reason: reasonOf(error) });
    return 'comes back';
  });

const metricNames: Readonly<Record<Fate, string>> = {
  kept: 'EventsKept',
  known: 'EventsRepeated',
  refused: 'EventsRefused',
  'comes back': 'EventsRetried',
};

/** How many events of a batch are written at once: one function has as many connections. */
const atOnce = 25;

/**
 * The handler of the queue. Each message of a batch is kept, refused with a reason or delivered
 * again, alone: a poisonous one holds back none of the others.
 */
export const ingestBatch =
  (deps: IngestDeps) => async (event: { readonly Records: readonly AuditMessage[] }) => {
    const waiting = [...event.Records];
    const fates: (readonly [AuditMessage, Fate])[] = [];
    const work = async (): Promise<void> => {
      for (let message = waiting.shift(); message; message = waiting.shift())
        fates.push([message, await settled(deps, message)]);
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    for (const [fate, name] of Object.entries(metricNames)) {
      const amount = fates.filter(([, settledAs]) => settledAs === fate).length;
      if (amount > 0) deps.count(name, amount);
    }
    return {
      batchItemFailures: fates
        .filter(([, fate]) => fate === 'comes back')
        .map(([{ messageId }]) => ({ itemIdentifier: messageId })),
    };
  };
