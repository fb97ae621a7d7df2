import {
  DynamoDBClient,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { transact } from '../../../../responders/incident/transact.ts';
import { BusyError } from '../../../../responders/shared/errors.ts';

const cancelled = (...codes: string[]) =>
  new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

/** A table whose answers come one after the other; after the last it says yes. */
const answering = (...refusals: Error[]) => {
  const dynamo = new DynamoDBClient({ region: 'eu-west-1' });
  const mock = mockClient(dynamo);
  const left = [...refusals];
  mock.on(TransactWriteItemsCommand).callsFake(() => {
    const refusal = left.shift();
    if (refusal) throw refusal;
    return {};
  });
  return dynamo;
};

describe('a transaction', () => {
  it.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])(
    'is tried again after %s',
    async (code) => {
      expect(await transact(answering(cancelled('None', code)), [])).toBe(true);
    },
  );

  it('says no when a condition was not met, whatever else was in its way', async () => {
    expect(
      await transact(answering(cancelled('TransactionConflict', 'ConditionalCheckFailed')), []),
    ).toBe(false);
  });

  it('asks the state machine for patience in the end', async () => {
    const never = Array.from({ length: 9 }, () => cancelled('ThrottlingError'));
    await expect(transact(answering(...never), [])).rejects.toThrow(
      new BusyError('the case table is contended'),
    );
  });

  it.each([
    cancelled('ItemCollectionSizeLimitExceeded'),
    cancelled('ValidationError', 'TransactionConflict'),
    new Error('no table'),
  ])('fails at once where trying again cannot help: %s', async (error) => {
    await expect(transact(answering(error), [])).rejects.toBe(error);
  });
});
