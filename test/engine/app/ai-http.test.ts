import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { field } from '../../../local/engine/parse.ts';
import { type OpenAiStandIn, startOpenAi } from '../../../local/stand-ins/openai.ts';
import { customerKeys } from '../../../protected-app/shared/customer-item.ts';
import { ada } from '../../support/protected-app/records.ts';
import { deployedApp, type OwnApp } from './deployed.ts';

let app: OwnApp;
let openai: OpenAiStandIn;
const dynamo = () => new DynamoDBClient(clientConfig(app));

beforeAll(async () => {
  app = await deployedApp();
  openai = await startOpenAi({ port: app.engine.port + 3 });
  const SecretString = JSON.stringify({ apiKey: 'sk-test', baseUrl: openai.url });
  await new SecretsManagerClient(clientConfig(app)).send(
    new PutSecretValueCommand({ SecretId: app.output('OpenAiSecretId'), SecretString }),
  );
  const { masked: _masked, ...customer } = ada;
  const Item = marshall({ ...customer, ...customerKeys(ada.name), version: 1 });
  await dynamo().send(new PutItemCommand({ TableName: app.output('CustomersTableName'), Item }));
});
afterAll(async () => {
  await openai.stop();
  await app.engine.stop();
});

const ask = (token: string, question: string) =>
  app.call('POST', '/ai/query', { token, body: { question, customerIds: [ada.id] } });

const ended = async (token: string, path: string): Promise<unknown> => {
  for (const until = Date.now() + 200_000; ; await sleep(200)) {
    const { json } = await app.call('GET', path, { token });
    if (!['queued', 'running'].includes(String(field(json, 'state')))) return json;
    if (Date.now() > until) throw new Error(`not answered: ${JSON.stringify(json)}`);
  }
};

it('a question goes through the gateway, the queue and the model, and its answer comes back to who asked', async () => {
  const { standard, administrator } = app.tokens;
  const stranger = await app.join('stranger@example.com', 'standard');
  const accepted = await ask(standard, 'What is her e-mail address?');
  expect(accepted).toMatchObject({ status: 202, json: { state: 'queued' } });
  const path = accepted.headers.location ?? '';
  expect(await ended(standard, path)).toMatchObject({
    state: 'succeeded',
    sources: [ada.id],
    answer: expect.stringContaining('a***@'),
  });
  expect((await app.call('GET', path, { token: stranger })).status).toBe(404);
  expect((await app.call('GET', path, { token: administrator })).json).toMatchObject({
    state: 'succeeded',
  });
  expect((await app.call('GET', '/ai/queries', { token: standard })).json).toMatchObject({
    items: [{ question: 'What is her e-mail address?' }],
  });
  expect((await app.call('GET', '/ai/queries', { token: stranger })).json).toEqual({
    items: [],
    cursor: null,
  });
});

it('an administrator’s question is answered from what is not masked', async () => {
  const accepted = await ask(app.tokens.administrator, 'And her e-mail address in full?');
  expect(await ended(app.tokens.administrator, accepted.headers.location ?? '')).toMatchObject({
    answer: expect.stringContaining(String(ada.email)),
  });
});

it('the id of the request goes all the way to the provider', async () => {
  const accepted = await ask(app.tokens.standard, 'Is this traced?');
  await ended(app.tokens.standard, accepted.headers.location ?? '');
  const Key = marshall({ id: field(accepted.json, 'id') });
  const { Item = {} } = await dynamo().send(
    new GetItemCommand({ TableName: app.output('QueriesTableName'), Key }),
  );
  const [seen] = openai.seen().filter(({ text }) => text.includes('Is this traced?'));
  expect(seen?.correlationId).toMatch(/^[\w-]{10,}$/);
  expect(seen?.correlationId).toBe(unmarshall(Item).correlationId);
});
