import {
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type CustomerItem, customerItem } from '../../shared/customer-item.ts';
import type { AppLog } from '../../shared/log.ts';
import type { CountMetric } from '../../shared/metrics.ts';
import { ForbiddenHostError } from '../../shared/outside.ts';
import { UnusableSecretError } from '../../shared/secret.ts';
import type { TableHandle } from '../../shared/table.ts';
import type { Connect } from './client.ts';
import { SalesforceError } from './errors.ts';
import { maxContactsPerUpdate, pushBatch } from './push-batch.ts';
import { type ClaimedRun, takeRun } from './push-run.ts';

export interface PushDeps {
  readonly connect: Connect;
  readonly customers: TableHandle;
  readonly runs: TableHandle;
  readonly now: () => number;
  readonly log: AppLog;
  readonly count: CountMetric;
}

export interface PushRun {
  /** The run. */
  readonly id: string;
  /** This invocation. */
  readonly worker: string;
  /** When Lambda stops the function, in milliseconds since 1970. */
  readonly deadline: number;
}

const leaseMarginMs = 30_000;
const batchBudgetMs = 60_000;

/**
 * Pushes all pending changes. `comes back`: another invocation works on this run, so its message
 * must stay in the queue. `failed`: the run is over, and not all was pushed.
 */
export const push = async (
  deps: PushDeps,
  { id, worker, deadline }: PushRun,
): Promise<'done' | 'failed' | 'comes back'> => {
  const run = await takeRun({ ...deps, id, worker }, deadline + leaseMarginMs);
  if (run === 'busy') return 'comes back';
  if (run === 'over') return 'done';
  try {
    const reason = await pushAll(deps, run, deadline);
    await run.end(reason === null ? 'succeeded' : 'failed', reason);
    deps.log.info('pushed', { run: id, reason });
    return reason === null ? 'done' : 'failed';
  } catch (error) {
    if (
      !(
        error instanceof SalesforceError ||
        error instanceof ForbiddenHostError ||
        error instanceof UnusableSecretError
      )
    )
      throw error;
    deps.log.error('a push has failed', { run: id, error });
    deps.count('PushesFailed', 1);
    await run.end('failed', error.message);
    return 'failed';
  }
};

const outOfTime =
  'The time ran out before all customers were pushed. Start another run for the rest.';

/** Answers with the reason for an early end, or null. */
const pushAll = async (
  deps: PushDeps,
  run: ClaimedRun,
  deadline: number,
): Promise<string | null> => {
  const salesforce = deps.connect({ deadline: deadline - batchBudgetMs / 2 });
  for await (const waiting of waitingCustomers(deps.customers)) {
    if (deps.now() + batchBudgetMs > deadline) return outOfTime;
    await pushBatch({ ...deps, run, salesforce }, waiting);
  }
  return null;
};

/**
 * Reads the index forwards only, so that a customer whom Salesforce refuses is not read again in
 * the same run.
 */
async function* waitingCustomers({
  client,
  name,
}: TableHandle): AsyncGenerator<readonly CustomerItem[]> {
  let startKey: QueryCommandInput['ExclusiveStartKey'];
  do {
    const { Items = [], LastEvaluatedKey }: QueryCommandOutput = await client.send(
      new QueryCommand({
        TableName: name,
        IndexName: 'pending',
        KeyConditionExpression: '#pending = :yes',
        ExpressionAttributeNames: { '#pending': 'pending' },
        ExpressionAttributeValues: marshall({ ':yes': 'yes' }),
        Limit: maxContactsPerUpdate,
        ExclusiveStartKey: startKey,
      }),
    );
    if (Items.length > 0) yield Items.map((item) => customerItem.parse(unmarshall(item)));
    startKey = LastEvaluatedKey;
  } while (startKey !== undefined);
}
