import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { secretReader, UnusableSecretError } from '../../../../protected-app/shared/secret.ts';

const schema = z.object({ apiKey: z.string().min(5), port: z.int().optional() });
const holding = (SecretString: string) => {
  const client = new SecretsManagerClient({});
  const calls = mockClient(client).on(GetSecretValueCommand).resolves({ SecretString });
  const clock = { now: 0 };
  return {
    calls,
    clock,
    secret: secretReader(schema, { client, id: 'one', now: () => clock.now }),
  };
};

it('asks once for five minutes, and again when it is told that the secret was refused', async () => {
  const { secret, calls, clock } = holding('{"apiKey":"first"}');
  expect(await secret()).toEqual({ apiKey: 'first' });
  clock.now = 299_999;
  await secret();
  expect(calls.calls()).toHaveLength(1);
  clock.now = 300_000;
  calls.on(GetSecretValueCommand).resolves({ SecretString: '{"apiKey":"second"}' });
  expect(await secret()).toEqual({ apiKey: 'second' });
  await secret({ fresh: true });
  expect(calls.calls()).toHaveLength(3);
});

it.each([
  ['canary, no JSON', 'the document'],
  ['"canary"', 'the document'],
  ['{"apiKey":"can","port":"canary"}', 'apiKey, port'],
])('says what is wrong with %s without repeating it', async (text, fields) => {
  await expect(holding(text).secret()).rejects.toThrow(
    new UnusableSecretError(`the secret cannot be used: wrong or missing: ${fields}`),
  );
});

it('tells a secret that nobody has filled yet from AWS that cannot be asked just now', async () => {
  const { secret, calls } = holding('');
  calls
    .on(GetSecretValueCommand)
    .rejects(new ResourceNotFoundException({ $metadata: {}, message: 'no value for AWSCURRENT' }));
  await expect(secret()).rejects.toThrow(new UnusableSecretError('the secret has no value'));
  calls.on(GetSecretValueCommand).rejects(new Error('busy'));
  await expect(secret()).rejects.toThrow(new Error('busy'));
});
