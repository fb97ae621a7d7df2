import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DynamoDBClient,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { BusyError } from '../shared/errors.ts';
import { isRecord } from '../shared/json.ts';

const cancelled = (error: unknown): readonly unknown[] => {
  if (
    !(error instanceof Error) ||
    error.name !== 'TransactionCanceledException' ||
    !('CancellationReasons' in error)
  )
    return [];
  const reasons: unknown = error.CancellationReasons;
  return Array.isArray(reasons)
    ? reasons.map((reason: unknown) => (isRecord(reason) ? reason.Code : undefined))
    : [];
};

/** A burst is refused inside the cancellation, where the SDK does not look for it. */
const passing: readonly unknown[] = [
  'None',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
];

/**
 * All or nothing. `false` when a condition was not met. The same event ten times at once makes
 * transactions collide: a collision says nothing about the condition, so it is tried again before
 * the state machine has to.
 */
export const transact = async (
  dynamo: DynamoDBClient,
  items: TransactWriteItem[],
  tries = 5,
): Promise<boolean> => {
  try {
    await dynamo.send(new TransactWriteItemsCommand({ TransactItems: items }));
    return true;
  } catch (error) {
    const codes = cancelled(error);
    if (codes.includes('ConditionalCheckFailed')) return false;
    if (codes.length === 0 || !codes.every((code) => passing.includes(code))) throw error;
    if (tries === 1) throw new BusyError('the case table is contended', { cause: error });
    await sleep(10 + Math.random() * 60);
    return transact(dynamo, items, tries - 1);
  }
};
