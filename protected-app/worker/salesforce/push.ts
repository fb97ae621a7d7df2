import {
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type CustomerItem, customerItem } from '../../shared/customer-item.ts';
import type { Log } from '../../shared/log.ts';
import type { Count } from '../../shared/metrics.ts';
import { ForbiddenHostError } from '../../shared/outside.ts';
import { UnusableSecretError } from '../../shared/secret.ts';
import type { Table } from '../../shared/table.ts';
import type { Connect } from './client.ts';
import { SalesforceError } from './errors.ts';
import { mostAtOnce, pushBatch } from './push-batch.ts';
import { type HeldRun, takeRun } from './push-run.ts';

export interface Pushing {
  readonly connect: Connect;
  readonly customers: Table;
  readonly runs: Table;
  readonly now: () => number;
  readonly log: Log;
  readonly count: Count;
}

export interface Push {
  /** The run. */
  readonly id: string;
  /** This invocation. */
  readonly worker: string;
  /** When the function is stopped, in milliseconds since 1970. */
  readonly deadline: number;
}

const afterDeathMs = 30_000;
const batchMs = 60_000;

/**
 * Pushes what waits. `comes back`: another invocation works on this run, and this message must not
 * be lost meanwhile.
 */
export const push = async (
  deps: Pushing,
  { id, worker, deadline }: Push,
): Promise<'done' | 'comes back'> => {
  const run = await takeRun({ ...deps, id, worker }, deadline + afterDeathMs);
  if (run === 'busy') return 'comes back';
  if (run === 'over') return 'done';
  try {
    const reason = await pushAll(deps, run, deadline);
    await run.end(reason === null ? 'succeeded' : 'failed', reason);
    deps.log.info('pushed', { run: id, reason });
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
  }
  return 'done';
};

/** Why it ended early, or null. */
const pushAll = async (deps: Pushing, run: HeldRun, deadline: number): Promise<string | null> => {
  const salesforce = deps.connect({ deadline: deadline - batchMs / 2 });
  for await (const waiting of waitingCustomers(deps.customers)) {
    if (deps.now() + batchMs > deadline)
      return 'The time was over before everything was pushed: start another run for the rest.';
    await pushBatch({ ...deps, run, salesforce }, waiting);
  }
  return null;
};

/**
 * The index is read from front to back, so that a customer who is refused is not met again in the
 * same run.
 */
async function* waitingCustomers({ client, name }: Table): AsyncGenerator<readonly CustomerItem[]> {
  let from: QueryCommandInput['ExclusiveStartKey'];
  do {
    const { Items = [], LastEvaluatedKey }: QueryCommandOutput = await client.send(
      new QueryCommand({
        TableName: name,
        IndexName: 'pending',
        KeyConditionExpression: '#pending = :yes',
        ExpressionAttributeNames: { '#pending': 'pending' },
        ExpressionAttributeValues: marshall({ ':yes': 'yes' }),
        Limit: mostAtOnce,
        ExclusiveStartKey: from,
      }),
    );
    if (Items.length > 0) yield Items.map((item) => customerItem.parse(unmarshall(item)));
    from = LastEvaluatedKey;
  } while (from !== undefined);
}
