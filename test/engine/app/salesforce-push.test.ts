import { randomUUID } from 'node:crypto';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { syncStatus } from '../../../protected-app/api/salesforce-status.ts';
import { startSync } from '../../../protected-app/api/salesforce-sync.ts';
import { type SyncRun, syncRun } from '../../../protected-app/schemas/salesforce.ts';
import { serve } from '../../../protected-app/shared/http.ts';
import { poll } from '../../../protected-app/worker/salesforce/poll.ts';
import { pushMessages } from '../../../protected-app/worker/salesforce/push-messages.ts';
import { contactsOf, idOf, itemOf } from './contacts.ts';
import {
  type Aws,
  dyingAfter,
  log,
  logged,
  startAws,
  type World,
  worldOf,
} from './salesforce-world.ts';

let aws: Aws;
let sqs: SQSClient;
let queueUrl: string;
let world: World;
beforeAll(async () => {
  aws = await startAws();
  sqs = new SQSClient({ ...aws.engine.client(), useQueueUrlAsEndpoint: false });
  queueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: 'pushes' }))).QueueUrl ?? '';
});
afterEach(() => world.stop());
afterAll(() => aws.engine.stop());

const aLambda = 300_000;

/** Customers of which the first `changed` were changed here an hour after Salesforce had them. */
const start = async (count: number, changed: number): Promise<void> => {
  world = await worldOf(aws, { contacts: contactsOf(count) });
  const changedAt = new Date(world.now() - 60_000).toISOString();
  for (const [number, contact] of contactsOf(count).entries())
    await world.put({
      ...itemOf(contact),
      ...(number < changed && { city: `Moved ${number}`, pending: 'yes', changedAt }),
    });
};

const call = (
  httpMethod: string,
  resource: string,
  id?: string,
  groups = 'administrators',
  queue = sqs,
) =>
  serve(
    {
      'POST /salesforce/sync': startSync({
        runs: world.runs,
        sqs: queue,
        queueUrl,
        now: world.now,
        newId: randomUUID,
      }),
      'GET /salesforce/sync/{id}': syncStatus({ runs: world.runs, now: world.now }),
    },
    {
      origin: 'https://pages.example.com',
      log: () => log,
      readCaller: async () => ({
        sub: 'somebody',
        isAdministrator: groups.includes('administrators'),
      }),
    },
  )({
    ...{ httpMethod, resource, body: httpMethod === 'POST' ? '{}' : null, pathParameters: { id } },
    requestContext: { requestId: 'correlation-1' },
  });

const ask = async (): Promise<string> => {
  const answer = await call('POST', '/salesforce/sync');
  expect(answer).toMatchObject({ statusCode: 202, headers: { 'Retry-After': '5' } });
  const { id } = syncRun.parse(JSON.parse(answer.body));
  expect(answer.headers.Location).toBe(`/salesforce/sync/${id}`);
  return id;
};

const shown = async (id: string): Promise<SyncRun> => {
  const answer = await call('GET', '/salesforce/sync/{id}', id);
  expect(answer.statusCode).toBe(200);
  return syncRun.parse(JSON.parse(answer.body));
};

/**
 * What the queue hands over, the message that names no run left out; it is not deleted, so that it
 * can be delivered again.
 */
const delivered = async () => {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MessageAttributeNames: ['All'],
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 3_600,
    }),
  );
  return {
    Records: Messages.map(({ MessageId = '', Body = '', MessageAttributes = {} }) => ({
      ...{ messageId: MessageId, body: Body },
      messageAttributes: {
        correlationId: { stringValue: MessageAttributes.correlationId?.StringValue },
      },
    })),
  };
};

let invocations = 0;
const work = (event: Awaited<ReturnType<typeof delivered>>, deps = world.deps()) => {
  invocations += 1;
  const invocation = {
    awsRequestId: `invocation-${invocations}`,
    getRemainingTimeInMillis: () => aLambda,
  };
  return pushMessages({ ...deps, log: () => log })(event, invocation);
};

const waiting = async () =>
  (await world.itemsOf('customers')).filter(({ pending }) => pending === 'yes').map(({ id }) => id);
const updates = () => world.salesforce.journal().filter(({ method }) => method === 'PATCH');

it('pushes what waits in parts of 200, and nothing else', async () => {
  await start(430, 410);
  const before = new Map(world.salesforce.contacts);
  const id = await ask();
  expect(await work(await delivered())).toEqual({ batchItemFailures: [] });
  expect(updates().map(({ records }) => records)).toEqual([200, 200, 10]);
  for (const [number, contact] of [...world.salesforce.contacts.values()].entries())
    expect(contact).toMatchObject(
      number < 410
        ? { MailingCity: `Moved ${number}`, Name: contactsOf(430)[number]?.Name }
        : { ...before.get(contact.Id) },
    );
  expect(await waiting()).toEqual([]);
  const run = await shown(id);
  expect(run).toMatchObject({
    state: 'succeeded',
    pushed: 410,
    failed: 0,
    startedBy: 'somebody',
    reason: null,
    endedAt: expect.any(String),
  });
  expect(run.activity.map(({ what }) => what)).toEqual(
    [
      'requested',
      'started by a worker',
      ...[98, 98, 4, 98, 98, 4, 10].map((many) => `${many} customers pushed`),
      'succeeded',
    ].reverse(),
  );
  await poll(world.deps(), { id: 'a poll', deadline: world.now() + aLambda });
  expect(await world.customer(idOf(3))).toMatchObject({
    city: 'Moved 3',
    modifiedAt: world.salesforce.contacts.get(idOf(3))?.SystemModstamp,
  });
});

it('tells of each customer that is refused, and pushes the others', async () => {
  await start(6, 5);
  const wrong = itemOf(contactsOf(6)[0] ?? raise());
  await world.put({
    ...wrong,
    email: 'no address',
    pending: 'yes',
    changedAt: new Date(world.now()).toISOString(),
  });
  world.salesforce.remove(idOf(1));
  world.salesforce.change(idOf(2), { MailingCity: 'Changed there, later' });
  const id = await ask();
  await work(await delivered());
  const run = await shown(id);
  expect(run).toMatchObject({ state: 'succeeded', pushed: 2, failed: 2 });
  expect(run.activity.map(({ what }) => what)).toEqual(
    expect.arrayContaining([
      `${idOf(0)} was refused by Salesforce: INVALID_EMAIL_ADDRESS at Email`,
      `${idOf(1)} is deleted in Salesforce, or the integration user may not see it`,
      `${idOf(2)} was changed later in Salesforce: the next poll copies that change`,
    ]),
  );
  expect(JSON.stringify(run)).not.toContain('no address');
  expect(await waiting()).toEqual([idOf(0), idOf(1), idOf(2)]);
  expect(world.salesforce.contacts.get(idOf(2))?.MailingCity).toBe('Changed there, later');
});

it('who changed here while it was pushed goes on waiting', async () => {
  await start(3, 3);
  const id = await ask();
  const later = new Date(world.now()).toISOString();
  const again = {
    ...itemOf(contactsOf(1)[0] ?? raise(), 2),
    city: 'Moved once more',
    pending: 'yes' as const,
    changedAt: later,
  };
  const { connect, ...deps } = world.deps();
  const meanwhile: typeof connect = (run) => {
    const salesforce = connect(run);
    return {
      ...salesforce,
      update: async (contacts) => {
        const saved = await salesforce.update(contacts);
        await world.put(again);
        return saved;
      },
    };
  };
  await work(await delivered(), { ...deps, connect: meanwhile });
  expect(await world.customer(idOf(0))).toEqual(again);
  const run = await shown(id);
  expect(run).toMatchObject({ state: 'succeeded', pushed: 2 });
  expect(run.activity.map(({ what }) => what)).toContain(
    `${idOf(0)} was changed while it was pushed: the next run pushes that change`,
  );
});

it('there is one run at a time, and the second is told which', async () => {
  await start(1, 1);
  const answers = await Promise.all([1, 2, 3].map(() => call('POST', '/salesforce/sync')));
  const [first, ...others] = answers.sort((one, other) => one.statusCode - other.statusCode);
  const { id } = syncRun.parse(JSON.parse(first?.body ?? ''));
  expect(others.map(({ statusCode }) => statusCode)).toEqual([409, 409]);
  for (const { headers, body } of others) {
    expect(headers.Location).toBe(`/salesforce/sync/${id}`);
    expect(JSON.parse(body)).toMatchObject({ status: 409, detail: expect.stringContaining(id) });
  }
  await work(await delivered());
  await ask();
  await delivered();
});

it('the same message again, before and after the end, does no harm', async () => {
  await start(5, 5);
  const id = await ask();
  const event = await delivered();
  world.salesforce.behave(({ method }) => (method === 'PATCH' ? { afterMs: 5_000 } : undefined));
  const first = work(event);
  while (!world.salesforce.journal().some(({ path }) => path.endsWith('/query')))
    await new Promise((done) => setTimeout(done, 10));
  const messageId = event.Records[0]?.messageId;
  expect(await work(event)).toEqual({ batchItemFailures: [{ itemIdentifier: messageId }] });
  expect(await first).toEqual({ batchItemFailures: [] });
  expect(await work(event)).toEqual({ batchItemFailures: [] });
  expect(updates()).toHaveLength(1);
  expect(await shown(id)).toMatchObject({ state: 'succeeded', pushed: 5 });
});

it.each([1, 2, 3, 4])(
  'a worker that dies after %d requests is resumed by the queue: each customer is counted once',
  async (k) => {
    await start(120, 120);
    const id = await ask();
    const event = await delivered();
    const { client } = dyingAfter(aws.dynamo, k);
    const dying = world.deps();
    const broken = {
      ...dying,
      customers: { ...dying.customers, client },
      runs: { ...dying.runs, client },
    };
    expect((await work(event, broken)).batchItemFailures).toHaveLength(1);
    expect((await work(event)).batchItemFailures).toHaveLength(1);
    world.clock.passed += aLambda + 31_000;
    expect(await shown(id)).toMatchObject({
      state: 'running',
      reason: expect.stringContaining('no longer reports'),
    });
    expect(await work(event)).toEqual({ batchItemFailures: [] });
    expect(await shown(id)).toMatchObject({ state: 'succeeded', pushed: 120, failed: 0 });
    expect(await waiting()).toEqual([]);
  },
);

it('a run that crashed blocks nobody for ever; its message comes too late', async () => {
  await start(2, 2);
  const old = await ask();
  const event = await delivered();
  const { client } = dyingAfter(aws.dynamo, 1);
  const dying = world.deps();
  await work(event, {
    ...dying,
    customers: { ...dying.customers, client },
    runs: { ...dying.runs, client },
  });
  expect((await call('POST', '/salesforce/sync')).statusCode).toBe(409);
  world.clock.passed += aLambda + 31_000;
  const id = await ask();
  expect(await shown(old)).toMatchObject({
    state: 'failed',
    reason: expect.stringContaining('another run was started since'),
  });
  expect(await work(event)).toEqual({ batchItemFailures: [] });
  expect(updates()).toEqual([]);
  await work(await delivered());
  expect(await shown(id)).toMatchObject({ state: 'succeeded', pushed: 2 });
});

it('a run that did get into the queue, though nobody was told, is not called failed', async () => {
  await start(2, 2);
  const deaf = new SQSClient({
    ...aws.engine.client(),
    useQueueUrlAsEndpoint: false,
    maxAttempts: 1,
  });
  deaf.middlewareStack.add((next) => async (args) => {
    await next(args);
    await work(await delivered());
    throw new Error('the connection broke before the answer');
  });
  const answer = await call('POST', '/salesforce/sync', undefined, 'administrators', deaf);
  expect(answer.statusCode).toBe(202);
  expect(await shown(syncRun.parse(JSON.parse(answer.body)).id)).toMatchObject({
    state: 'succeeded',
    pushed: 2,
  });
});

it('a run that cannot be queued says so, and the next one may start', async () => {
  await start(1, 1);
  const down = new SQSClient({
    ...aws.engine.client(),
    useQueueUrlAsEndpoint: false,
    maxAttempts: 1,
  });
  down.middlewareStack.add(() => async () => {
    throw new Error('nothing was sent');
  });
  const answer = await call('POST', '/salesforce/sync', undefined, 'administrators', down);
  expect(answer).toMatchObject({ statusCode: 503, headers: { 'Retry-After': '5' } });
  const [{ state, reason } = {}] = (await world.itemsOf('runs')).filter(
    ({ entry }) => entry === 'run',
  );
  expect([state, reason]).toEqual(['failed', 'The run could not be queued. Start a new one.']);
  await ask();
  await delivered();
});

it('a run ends as failed, with a reason and without a secret, when Salesforce cannot be asked', async () => {
  await start(1, 1);
  await world.setSecret(world.salesforce.url, 'canary-wrong-secret');
  const id = await ask();
  expect(await work(await delivered())).toEqual({
    batchItemFailures: [],
    failed: [expect.any(String)],
  });
  expect(await shown(id)).toMatchObject({
    state: 'failed',
    reason: 'Salesforce issued no token: HTTP 400; check the secret (invalid_client)',
  });
  expect(await waiting()).toEqual([idOf(0)]);
  await world.setSecret(world.salesforce.url);
  const next = await ask();
  await work(await delivered());
  expect(await shown(next)).toMatchObject({ state: 'succeeded', pushed: 1 });
  expect(`${logged.join('\n')}${JSON.stringify(await world.itemsOf('runs'))}`).not.toMatch(
    /canary|00DSTANDIN|Bearer/,
  );
});

it('a run ends as failed, and says so, where the secret is of no use', async () => {
  await start(1, 1);
  await world.setSecret('');
  const id = await ask();
  expect(await work(await delivered())).toEqual({
    batchItemFailures: [],
    failed: [expect.any(String)],
  });
  expect(await shown(id)).toMatchObject({
    state: 'failed',
    reason: 'the secret cannot be used: wrong or missing: loginUrl',
  });
  expect(await waiting()).toEqual([idOf(0)]);
});

it('only administrators may start a run or look at one; others and strange ids get nothing', async () => {
  await start(1, 0);
  expect((await call('POST', '/salesforce/sync', undefined, 'standard-users')).statusCode).toBe(
    403,
  );
  expect(
    (await call('GET', '/salesforce/sync/{id}', randomUUID(), 'standard-users')).statusCode,
  ).toBe(403);
  expect((await call('GET', '/salesforce/sync/{id}', randomUUID())).statusCode).toBe(404);
  expect((await call('GET', '/salesforce/sync/{id}', 'lock')).statusCode).toBe(400);
  expect(await world.itemsOf('runs')).toEqual([]);
});

const raise = (): never => {
  throw new Error('no contact was made');
};
