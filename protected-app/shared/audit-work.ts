import type { AuditFacts, WriteAudit } from './audit.ts';

type WorkFacts = Omit<AuditFacts, 'outcome' | 'reason'>;

/** Does some work, and tells the audit whether it succeeded. */
export const audited = async <Result>(
  audit: WriteAudit,
  facts: WorkFacts,
  work: () => Promise<Result>,
): Promise<Result> => {
  try {
    const result = await work();
    await audit({ ...facts, outcome: 'succeeded' });
    return result;
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    await audit({ ...facts, outcome: 'failed', reason });
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
    handle: (event: Batch, context: Context) => Promise<QueueBatchAnswer>,
  ) =>
  async (event: Batch, context: Context): Promise<QueueBatchAnswer> => {
    const answer = await handle(event, context);
    const back = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const told = event.Records.map(({ messageId, body, messageAttributes }) => {
      const id = idIn(body);
      return audit({
        actor: { kind: 'service', id: 'sqs' },
        action,
        subject: id === undefined ? null : { kind, id },
        outcome: back.has(messageId) ? 'failed' : 'succeeded',
        correlationId: messageAttributes?.correlationId?.stringValue ?? messageId,
      });
    });
    await Promise.all(told);
    return answer;
  };
