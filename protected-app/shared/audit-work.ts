import type { AuditFacts, WriteAudit } from './audit.ts';

type WorkFacts = Omit<AuditFacts, 'outcome' | 'reason'>;
type WorkEnd = Pick<AuditFacts, 'outcome' | 'reason'>;

const reasonOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

/** Does some work, and tells the audit how it ended; work that throws has failed. */
export const audited = async <Result>(
  audit: WriteAudit,
  facts: WorkFacts,
  work: () => Promise<Result>,
  endOf: (result: Result) => WorkEnd = () => ({ outcome: 'succeeded' }),
): Promise<Result> => {
  try {
    const result = await work();
    await audit({ ...facts, ...endOf(result) });
    return result;
  } catch (error) {
    await audit({ ...facts, outcome: 'failed', reason: reasonOf(error) });
    throw error;
  }
};

interface QueueRecord {
  readonly messageId: string;
  readonly body: string;
  readonly messageAttributes?: Readonly<
    Record<string, { readonly stringValue?: string | undefined }>
  >;
}

interface QueueBatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** What a handler says of its batch. */
interface WorkedBatch extends QueueBatchAnswer {
  /** Messages that are done with, and whose work has failed. */
  readonly failed?: readonly string[];
}

/** The id in a message, as the functions of the API write it. */
const idIn = (body: string): string | undefined => {
  try {
    const message: unknown = JSON.parse(body);
    const isNamed = typeof message === 'object' && message !== null && 'id' in message;
    return isNamed && typeof message.id === 'string' ? message.id : undefined;
  } catch {
    return undefined; // the handler refuses it
  }
};

/** A handler of a queue that tells the audit how each message of a batch ended. */
export const auditedBatch =
  <Batch extends { readonly Records: readonly QueueRecord[] }, Context>(
    audit: WriteAudit,
    { action, kind }: { readonly action: string; readonly kind: string },
    handle: (event: Batch, context: Context) => Promise<WorkedBatch>,
  ) =>
  async (event: Batch, context: Context): Promise<QueueBatchAnswer> => {
    const tell = async (endOf: (messageId: string) => WorkEnd): Promise<void> => {
      const told = event.Records.map(({ messageId, body, messageAttributes }) => {
        const id = idIn(body);
        return audit({
          actor: { kind: 'service', id: 'sqs' },
          action,
          subject: id === undefined ? null : { kind, id },
          ...endOf(messageId),
          correlationId: messageAttributes?.correlationId?.stringValue ?? messageId,
        });
      });
      await Promise.all(told);
    };
    try {
      const { batchItemFailures, failed = [] } = await handle(event, context);
      const back = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      const bad = new Set([...back, ...failed]);
      await tell((messageId) => ({ outcome: bad.has(messageId) ? 'failed' : 'succeeded' }));
      return { batchItemFailures };
    } catch (error) {
      await tell(() => ({ outcome: 'failed', reason: reasonOf(error) }));
      throw error;
    }
  };
