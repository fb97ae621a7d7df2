import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { appOutcome } from '../../../cli/doctor/checks-app.ts';
import { clientConfig } from '../../../local/engine/clients.ts';
import { deployedApp, type OwnApp } from './deployed.ts';

let app: OwnApp;
beforeAll(async () => {
  app = await deployedApp();
});
afterAll(() => app?.engine.stop());

it('says which secret has no value, until each has one', async () => {
  const give = (name: string, value: unknown) =>
    new SecretsManagerClient(clientConfig(app)).send(
      new PutSecretValueCommand({
        SecretId: app.output(name),
        SecretString: JSON.stringify(value),
      }),
    );
  const before = await appOutcome(app.place);
  expect(before.fix).toContain('protected-app/README.md');
  expect(before.detail).toMatch(
    /^OpenAiSecretId has no value \(questions fail\); SalesforceSecretId has no value/,
  );

  await give('OpenAiSecretId', { apiKey: 'a-key' });
  expect((await appOutcome(app.place)).detail).toMatch(/^SalesforceSecretId has no value/);
  await give('SalesforceSecretId', {
    loginUrl: 'https://org.my.salesforce.com',
    clientId: 'id',
    clientSecret: 'secret',
  });

  expect(await appOutcome(app.place)).toEqual({
    detail: 'its secrets have values, and its alarms a reader',
  });
});

it('is silent about an application that is not there', async () => {
  expect(await appOutcome({ ...app.place, outputs: {} })).toEqual({ detail: 'not deployed' });
});
