import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { readIdempotencyKey } from '../../../../protected-app/shared/idempotency.ts';

const table = { client: new DynamoDBClient({ region: 'us-east-1' }), name: 'idempotency' };
const scope = { table, now: () => 1_000_000, route: 'POST /products', sub: 'somebody' };
const keyOf = (header: string, body: unknown = {}, given = scope) =>
  readIdempotencyKey(header, body, given)?.rememberStep({}).write.Put?.Item?.key?.S;

it('without the header there is nothing to remember', () => {
  expect(readIdempotencyKey(undefined, {}, scope)).toBeUndefined();
});

it.each([
  '',
  'short',
  'a'.repeat(65),
  'with blanks',
  'sla/sh-and-more',
  '"unbalanced-1',
  'hash#hash#',
  'naïve-key-1',
  'nul\u0000-key-1',
])('the key %j is refused', (header) => {
  expect(() => readIdempotencyKey(header, {}, scope)).toThrow(/8 to 64/);
});

it('a key means something for one route and one person only', () => {
  expect(keyOf('8e03978e-40d5-43dd-bc93-6894a57f9324')).toBe(
    'POST /products#somebody#8e03978e-40d5-43dd-bc93-6894a57f9324',
  );
  expect(keyOf('"quoted-key"')).toBe(keyOf('quoted-key'));
  expect(keyOf('same-key', {}, { ...scope, sub: 'other' })).not.toBe(keyOf('same-key'));
  expect(keyOf('same-key', {}, { ...scope, route: 'POST /other' })).not.toBe(keyOf('same-key'));
});

it('is remembered for a day', () => {
  expect(
    readIdempotencyKey('some-key', {}, scope)?.rememberStep({}).write.Put?.Item?.expiresAt,
  ).toEqual({ N: String(1_000 + 86_400) });
});
