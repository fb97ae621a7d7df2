import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, test } from 'vitest';
import { startEngine } from './engine.ts';
import { deploy, outcome } from './world.ts';

const reads = async (skip = ''): Promise<readonly string[]> => {
  const engine = await startEngine({ skip });
  try {
    const made = await deploy(
      engine,
      'secrets',
      {
        Empty: { Type: 'AWS::SecretsManager::Secret', Properties: {} },
        Given: { Type: 'AWS::SecretsManager::Secret', Properties: { SecretString: 'given' } },
        Made: { Type: 'AWS::SecretsManager::Secret', Properties: { GenerateSecretString: {} } },
      },
      Object.fromEntries(['Empty', 'Given', 'Made'].map((name) => [name, { Value: { Ref: name } }])),
    );
    const client = new SecretsManagerClient(engine.client());
    const read = (SecretId: string | undefined) => outcome(client.send(new GetSecretValueCommand({ SecretId })));
    const before = [await read(made.Empty), await read(made.Given), await read(made.Made)];
    await client.send(new PutSecretValueCommand({ SecretId: made.Empty, SecretString: 'now' }));
    return [...before, await read(made.Empty)];
  } finally {
    await engine.stop();
  }
};

test('a secret without a value in its template cannot be read until it has one', async () => {
  expect(await reads()).toEqual(['ResourceNotFoundException', 'ok', 'ok', 'ok']);
});

test('the stock engine still reads an empty text', async () => {
  expect(await reads('empty_secrets')).toEqual(['ok', 'ok', 'ok', 'ok']);
});
