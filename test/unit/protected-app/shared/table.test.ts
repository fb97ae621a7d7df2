import {
  DynamoDBClient,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { HttpProblem } from '../../../../protected-app/shared/problem.ts';
import { transact } from '../../../../protected-app/shared/table.ts';

const client = new DynamoDBClient({ region: 'us-east-1' });
const dynamo = mockClient(client);
const steps = ['a', 'b', 'c'].map((label) => ({
  label,
  write: { Delete: { TableName: 'table', Key: { id: { S: label } } } },
}));
const cancelled = (...codes: readonly string[]) =>
  new TransactionCanceledException({
    $metadata: {},
    message: 'cancelled',
    CancellationReasons: codes.map((Code) => ({ Code })),
  });
const sent = () => dynamo.commandCalls(TransactWriteItemsCommand).length;

beforeEach(() => {
  dynamo.reset();
});

it('what was written is told by no refusal', async () => {
  dynamo.on(TransactWriteItemsCommand).resolves({});
  expect(await transact(client, steps)).toEqual([]);
});

it('the steps whose conditions refused are named, also beside a conflict', async () => {
  dynamo
    .on(TransactWriteItemsCommand)
    .rejects(cancelled('ConditionalCheckFailed', 'None', 'ConditionalCheckFailed'));
  expect(await transact(client, steps)).toEqual(['a', 'c']);
  dynamo
    .on(TransactWriteItemsCommand)
    .rejects(cancelled('TransactionConflict', 'ConditionalCheckFailed', 'None'));
  expect(await transact(client, steps)).toEqual(['b']);
  expect(sent()).toBe(2);
});

it('a transaction that only met another one is tried again', async () => {
  dynamo
    .on(TransactWriteItemsCommand)
    .rejectsOnce(cancelled('TransactionConflict', 'None', 'None'))
    .rejectsOnce(cancelled('None', 'ThrottlingError', 'None'))
    .resolves({});
  expect(await transact(client, steps)).toEqual([]);
  expect(sent()).toBe(3);
});

it('where it always meets another one, the client is asked to come back', async () => {
  dynamo.on(TransactWriteItemsCommand).rejects(cancelled('TransactionConflict', 'None', 'None'));
  const refused = await transact(client, steps).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(HttpProblem);
  expect(refused).toMatchObject({ status: 503, headers: { 'Retry-After': '1' } });
  expect(sent()).toBe(6);
});

it('anything else is an error, not a reason to try again', async () => {
  dynamo.on(TransactWriteItemsCommand).rejects(cancelled('None', 'ValidationError', 'None'));
  await expect(transact(client, steps)).rejects.toThrow('cancelled');
  dynamo.on(TransactWriteItemsCommand).rejects(new Error('AccessDenied'));
  await expect(transact(client, steps)).rejects.toThrow('AccessDenied');
  expect(sent()).toBe(2);
});
