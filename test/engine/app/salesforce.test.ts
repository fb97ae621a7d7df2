// The deployed functions, through the schedule, HTTP and the queue; what they do in detail is in
// the tests beside this one.
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateScan,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { type SalesforceStandIn, startSalesforce } from '../../../local/stand-ins/salesforce.ts';
import { type SyncRun, syncRun } from '../../../protected-app/schemas/salesforce.ts';
import { contactsOf, idOf, itemOf } from './contacts.ts';
import { deployedApp, type OwnApp } from './deployed.ts';
import { killWorkers } from './workers.ts';

const clientSecret = 'canary-8c1e40-client-secret';
const many = 250;

let app: OwnApp;
let salesforce: SalesforceStandIn;
let dynamo: DynamoDBClient;
beforeAll(async () => {
  app = await deployedApp();
  dynamo = new DynamoDBClient(clientConfig(app));
  salesforce = await startSalesforce({
    port: app.engine.port + 4,
    contacts: contactsOf(many),
    clientId: 'canary-client',
    clientSecret,
    pageSize: 100,
  });
  await tell(salesforce);
});
afterAll(async () => {
  await salesforce?.stop();
  await app?.engine.stop();
});

const rows = async (output: string): Promise<Record<string, unknown>[]> => {
  const found: Record<string, unknown>[] = [];
  for await (const { Items = [] } of paginateScan(
    { client: dynamo },
    { TableName: app.output(output) },
  ))
    found.push(...Items.map((item) => unmarshall(item)));
  return found.sort((one, other) => (String(one.id) < String(other.id) ? -1 : 1));
};

/** Puts an organisation into the secret. */
const tell = ({ url: loginUrl }: SalesforceStandIn) =>
  new SecretsManagerClient(clientConfig(app)).send(
    new PutSecretValueCommand({
      SecretId: app.output('SalesforceSecretId'),
      SecretString: JSON.stringify({ loginUrl, clientId: 'canary-client', clientSecret }),
    }),
  );

const run = async (FunctionName: string) => {
  const { FunctionError, Payload = [] } = await new LambdaClient(clientConfig(app)).send(
    new InvokeCommand({ FunctionName }),
  );
  const answer: unknown = JSON.parse(Buffer.from(Payload).toString());
  return { failed: FunctionError !== undefined, answer };
};

/**
 * An hour passes for the lease of a poll that was killed. Answers with the record up to which
 * everything is stored.
 */
const leaseOver = async (): Promise<unknown> => {
  const { Attributes = {} } = await dynamo.send(
    new UpdateItemCommand({
      TableName: app.output('SyncRunsTableName'),
      Key: marshall({ run: 'poll', entry: 'watermark' }),
      UpdateExpression: 'SET #until = :past',
      ExpressionAttributeNames: { '#until': 'until' },
      ExpressionAttributeValues: marshall({ ':past': 1 }),
      ReturnValues: 'ALL_NEW',
    }),
  );
  return unmarshall(Attributes).mark?.id;
};

const ended = (id: string): Promise<SyncRun> =>
  until(
    async () =>
      syncRun.parse(
        (await app.call('GET', `/salesforce/sync/${id}`, { token: app.tokens.administrator })).json,
      ),
    ({ endedAt }) => endedAt !== null,
  );

const isStored = async (id: string): Promise<boolean> =>
  (
    await dynamo.send(
      new GetItemCommand({ TableName: app.output('CustomersTableName'), Key: marshall({ id }) }),
    )
  ).Item !== undefined;

const until = async <Value>(
  look: () => Promise<Value>,
  good: (value: Value) => boolean,
): Promise<Value> => {
  for (let tries = 0; ; tries += 1) {
    const value = await look();
    if (good(value) || tries > 800) return value;
    await sleep(300);
  }
};

it('the schedule starts the poll, which fills the table over a 429 and an expired token', async () => {
  salesforce.behave(
    ({ number }) =>
      ({ 3: { expired: true } as const, 5: { status: 429, retryAfter: 1 } as const })[number],
  );
  const scheduler = new SchedulerClient(clientConfig(app));
  const { Schedules: [hourly] = [] } = await scheduler.send(new ListSchedulesCommand({}));
  const { Target, ScheduleExpression, FlexibleTimeWindow } = await scheduler.send(
    new GetScheduleCommand({ Name: hourly?.Name }),
  );
  expect(ScheduleExpression).toBe('rate(1 hour)');
  const soon = new Date(Date.now() + 2_000).toISOString().slice(0, 19);
  await scheduler.send(
    new CreateScheduleCommand({
      Name: 'now',
      ScheduleExpression: `at(${soon})`,
      FlexibleTimeWindow,
      Target,
    }),
  );
  const found = await until(
    () => rows('CustomersTableName'),
    ({ length }) => length === many,
  );
  expect(found).toEqual(contactsOf(many).map((contact) => itemOf(contact)));
  expect(salesforce.journal().map(({ status }) => status)).toEqual([
    200, 200, 401, 200, 429, 200, 200,
  ]);
});

it('an administrator pushes what waits; a second run has to wait; nobody else may', async () => {
  salesforce.behave(({ method }) => (method === 'PATCH' ? { afterMs: 5_000 } : undefined));
  const changedAt = new Date().toISOString();
  for (const contact of contactsOf(5)) {
    const item = { ...itemOf(contact, 2), city: 'Moved', pending: 'yes', changedAt };
    await dynamo.send(
      new PutItemCommand({ TableName: app.output('CustomersTableName'), Item: marshall(item) }),
    );
  }
  const { administrator, standard } = app.tokens;
  const post = (token: string | null) => app.call('POST', '/salesforce/sync', { token, body: {} });
  expect((await post(null)).status).toBe(401);
  expect((await post(standard)).status).toBe(403);
  const started = await post(administrator);
  expect(started).toMatchObject({ status: 202, headers: { 'retry-after': '5' } });
  const { id } = syncRun.parse(started.json);
  expect(started.headers.location).toBe(`/salesforce/sync/${id}`);
  expect(await post(administrator)).toMatchObject({
    status: 409,
    headers: { location: `/salesforce/sync/${id}` },
  });
  const run = await ended(id);
  expect(run).toMatchObject({ state: 'succeeded', pushed: 5, failed: 0 });
  expect((await app.call('GET', `/salesforce/sync/${id}`, { token: standard })).status).toBe(403);
  expect(salesforce.contacts.get(idOf(4))).toMatchObject({ MailingCity: 'Moved' });
  expect((await rows('CustomersTableName')).filter(({ pending }) => pending !== undefined)).toEqual(
    [],
  );
});

it('a poll whose process is killed half-way is taken up by the next one: the same table, nothing lost and nothing written twice', async () => {
  const crowd = contactsOf(many + 2_000);
  const other = await startSalesforce({
    port: app.engine.port + 5,
    contacts: crowd,
    clientId: 'canary-client',
    clientSecret,
    pageSize: 500,
  });
  try {
    // The third page is promised for later, so that the poll cannot come to its end before it is
    // killed.
    let pages = 0;
    other.behave(({ method }) => {
      pages += method === 'GET' ? 1 : 0;
      return method === 'GET' && pages === 3 ? { status: 429, retryAfter: 50 } : undefined;
    });
    await tell(other);
    await killWorkers(app.engine, 'SalesforcePoll'); // the next process reads the secret again

    const dying = run('SalesforcePoll');
    await until(() => isStored(idOf(many + 750)), Boolean);
    expect(await killWorkers(app.engine, 'SalesforcePoll')).toBeGreaterThan(0);
    expect(await dying).toMatchObject({ failed: true, answer: { errorType: 'Runtime.ExitError' } });

    other.behave();
    expect(await run('SalesforcePoll')).toEqual({ failed: false, answer: { outcome: 'skipped' } });
    const reached = await leaseOver();
    const left = crowd.length - 1 - crowd.findIndex(({ Id }) => Id === reached);
    // The second page, or if it was quick enough only the two behind it.
    expect([1_500, 1_000]).toContain(left);

    const { answer } = await run('SalesforcePoll');
    expect(answer).toMatchObject({ outcome: 'done' });
    const { stored = 0, unchanged = 0 } = Object(answer);
    expect(stored + unchanged).toBe(left);
    // The version counts the writes.
    expect((await rows('CustomersTableName')).slice(many)).toEqual(
      crowd.slice(many).map((contact) => itemOf(contact)),
    );
    expect(await run('SalesforcePoll')).toEqual({ failed: false, answer: { outcome: 'done' } });
  } finally {
    await other.stop();
  }
});

it('the id of the request leads from the API through the queue to the worker, and no secret is in a log or an item', async () => {
  // The engine hands over what a function said late with its next call.
  const { json } = await app.call('POST', '/salesforce/sync', { token: app.tokens.administrator });
  await ended(syncRun.parse(json).id);
  const logs = new CloudWatchLogsClient(clientConfig(app));
  const linesOf = async (name: string): Promise<readonly string[]> => {
    const { events = [] } = await logs.send(
      new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}` }),
    );
    return events.map(({ message = '' }) => message);
  };
  const text = (
    await Promise.all(['SalesforcePoll', 'SalesforceSync', 'SalesforcePush'].map(linesOf))
  ).map((lines) => lines.join('\n'));
  const [{ correlationId } = {}] = (await rows('SyncRunsTableName'))
    .filter(({ entry }) => entry === 'run')
    .sort((one, other) => (String(one.startedAt) < String(other.startedAt) ? -1 : 1));
  expect(text[0]).toContain('"outcome":"done"');
  expect(text[1]).toContain(String(correlationId));
  expect(text[2]).toContain(String(correlationId));
  const items = [await rows('SyncRunsTableName'), await rows('CustomersTableName')];
  const everything = `${text.join('\n')}${JSON.stringify(items)}`;
  expect(everything).not.toMatch(/canary|00DSTANDIN|Bearer/);
});
