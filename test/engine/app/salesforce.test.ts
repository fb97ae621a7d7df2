// The deployed functions, through the schedule, HTTP and the queue; what they do in detail is in the tests beside this one.
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, PutItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { CreateScheduleCommand, GetScheduleCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientConfig } from '../../../game-day/engine/clients.ts';
import { type SalesforceStandIn, startSalesforce } from '../../../game-day/stand-ins/salesforce.ts';
import { syncRun } from '../../../protected-app/schemas/salesforce.ts';
import { contactsOf, idOf, itemOf } from './contacts.ts';
import { type DeployedApp, deployedApp } from './deployed.ts';

const clientSecret = 'canary-8c1e40-client-secret';
const many = 250;

let app: DeployedApp;
let salesforce: SalesforceStandIn;
let dynamo: DynamoDBClient;
beforeAll(async () => {
  app = await deployedApp();
  dynamo = new DynamoDBClient(clientConfig(app));
  salesforce = await startSalesforce({ contacts: contactsOf(many), clientId: 'canary-client', clientSecret, pageSize: 100 });
  const value = { loginUrl: salesforce.url, clientId: 'canary-client', clientSecret };
  await new SecretsManagerClient(clientConfig(app)).send(
    new PutSecretValueCommand({ SecretId: app.output('SalesforceSecretId'), SecretString: JSON.stringify(value) }),
  );
}, 400_000);
afterAll(async () => {
  await salesforce?.stop();
  await app?.engine.stop();
});

const rows = async (output: string): Promise<Record<string, unknown>[]> => {
  const found: Record<string, unknown>[] = [];
  for await (const { Items = [] } of paginateScan({ client: dynamo }, { TableName: app.output(output) }))
    found.push(...Items.map((item) => unmarshall(item)));
  return found.sort((one, other) => (String(one.id) < String(other.id) ? -1 : 1));
};

const until = async <Value>(look: () => Promise<Value>, good: (value: Value) => boolean): Promise<Value> => {
  for (let tries = 0; ; tries += 1) {
    const value = await look();
    if (good(value) || tries > 200) return value;
    await sleep(300);
  }
};

it('the schedule starts the poll, which fills the table over a 429 and an expired token', async () => {
  salesforce.behave(({ number }) => ({ 3: { expired: true } as const, 5: { status: 429, retryAfter: 1 } as const })[number]);
  const scheduler = new SchedulerClient(clientConfig(app));
  const { Schedules: [hourly] = [] } = await scheduler.send(new ListSchedulesCommand({}));
  const { Target, ScheduleExpression, FlexibleTimeWindow } = await scheduler.send(new GetScheduleCommand({ Name: hourly?.Name }));
  expect(ScheduleExpression).toBe('rate(1 hour)');
  const soon = new Date(Date.now() + 2_000).toISOString().slice(0, 19);
  await scheduler.send(new CreateScheduleCommand({ Name: 'now', ScheduleExpression: `at(${soon})`, FlexibleTimeWindow, Target }));
  const found = await until(
    () => rows('CustomersTableName'),
    ({ length }) => length === many,
  );
  expect(found).toEqual(contactsOf(many).map((contact) => itemOf(contact)));
  expect(salesforce.journal().map(({ status }) => status)).toEqual([200, 200, 401, 200, 429, 200, 200]);
}, 120_000);

it('an administrator pushes what waits; a second run has to wait; nobody else may', async () => {
  salesforce.behave(({ method }) => (method === 'PATCH' ? { afterMs: 1_500 } : undefined));
  const changedAt = new Date().toISOString();
  for (const contact of contactsOf(5)) {
    const item = { ...itemOf(contact, 2), city: 'Moved', pending: 'yes', changedAt };
    await dynamo.send(new PutItemCommand({ TableName: app.output('CustomersTableName'), Item: marshall(item) }));
  }
  const { administrator, standard } = app.tokens;
  const post = (token: string | null) => app.call('POST', '/salesforce/sync', { token, body: {} });
  expect((await post(null)).status).toBe(401);
  expect((await post(standard)).status).toBe(403);
  const started = await post(administrator);
  expect(started).toMatchObject({ status: 202, headers: { 'retry-after': '5' } });
  const { id } = syncRun.parse(started.json);
  expect(started.headers.location).toBe(`/salesforce/sync/${id}`);
  expect(await post(administrator)).toMatchObject({ status: 409, headers: { location: `/salesforce/sync/${id}` } });
  const status = async () => syncRun.parse((await app.call('GET', `/salesforce/sync/${id}`, { token: administrator })).json);
  const run = await until(status, ({ endedAt }) => endedAt !== null);
  expect(run).toMatchObject({ state: 'succeeded', pushed: 5, failed: 0 });
  expect((await app.call('GET', `/salesforce/sync/${id}`, { token: standard })).status).toBe(403);
  expect(salesforce.contacts.get(idOf(4))).toMatchObject({ MailingCity: 'Moved' });
  expect((await rows('CustomersTableName')).filter(({ pending }) => pending !== undefined)).toEqual([]);
}, 120_000);

it('the id of the request leads from the API through the queue to the worker, and no secret is in a log or an item', async () => {
  const logs = new CloudWatchLogsClient(clientConfig(app));
  const linesOf = async (name: string): Promise<readonly string[]> => {
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}` }));
    return events.map(({ message = '' }) => message);
  };
  const text = (await Promise.all(['SalesforcePoll', 'SalesforceSync', 'SalesforcePush'].map(linesOf))).map((lines) => lines.join('\n'));
  const [{ correlationId } = {}] = (await rows('SyncRunsTableName')).filter(({ entry }) => entry === 'run');
  expect(text[0]).toContain('"stored":250');
  expect(text[1]).toContain(String(correlationId));
  expect(text[2]).toContain(String(correlationId));
  const everything = `${text.join('\n')}${JSON.stringify([await rows('SyncRunsTableName'), await rows('CustomersTableName')])}`;
  expect(everything).not.toMatch(/canary|00DSTANDIN|Bearer/);
});
