// What the application does, from its functions to a seal that can be verified offline.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assume, clientConfig } from '../../../local/engine/clients.ts';
import { ACCOUNT } from '../../../local/engine/settings.ts';
import { auditEvent } from '../../../protected-app/audit/schemas/event.ts';
import { sealedRows } from '../../../protected-app/audit/seal/folder.ts';
import { storedEvent } from '../../../protected-app/audit/stored-event.ts';
import { verify } from '../../../responders/evidence/verify.mjs';
import { caller, permit, verdict } from '../../support/engine/keys.ts';
import { sampleEvent } from '../../support/protected-app/audit-events.ts';
import { temp } from '../../support/temp.ts';
import { productBody } from '../app/requests.ts';
import { killWorkers } from '../app/workers.ts';
import { reading, readUnsigned } from './reading.ts';
import { type AuditWorld, auditWorld } from './world.ts';

let world: AuditWorld;

beforeAll(async () => {
  world = await auditWorld();
});
afterAll(() => world?.app.engine.stop());

const idsOf = (items: readonly Readonly<Record<string, unknown>>[]): string[] =>
  items.map(({ event_id }) => String(event_id)).sort();

/** Events of a test alone, by the beginning of their ids. */
const eventsOf = async (prefix: string): Promise<string[]> =>
  idsOf(await world.events()).filter((id) => id.startsWith(prefix));

const samples = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) =>
    sampleEvent({ eventId: `${prefix}-${String(index).padStart(4, '0')}` }),
  );
const texts = (events: readonly unknown[]): string[] => events.map((each) => JSON.stringify(each));

it('keeps an event of each of a hundred calls, once, and seals all of them', async () => {
  const { call, tokens } = world.app;
  const token = tokens.standard;
  const requests = [
    () => call('POST', '/products', { token, body: productBody() }),
    () => call('POST', '/products', { token, body: { name: '' } }),
    () => call('GET', '/products', { token }),
    () => call('GET', '/status'),
  ];
  const answers = [];
  for (let round = 0; round < 25; round += 1)
    answers.push(...(await Promise.all(requests.map((request) => request()))));
  const asked = answers.map(({ headers }) => headers['x-amzn-requestid'] ?? 'no id').sort();
  await world.drained();

  const events = await world.events();

  expect(asked).toHaveLength(100);
  expect(events.map(({ correlationId }) => String(correlationId)).sort()).toEqual(asked);
  expect(events.filter(({ outcome }) => outcome === 'refused')).toHaveLength(25);
  expect(await world.takeGivenUp()).toEqual([]);
  const { sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  expect(JSON.stringify(events)).not.toContain(sub);

  expect(await world.seal()).toEqual({ failed: false, answer: { sealed: 100 } });
  expect((await world.ledger()).map(({ seal }) => seal)).toEqual(Array(100).fill(1));
  expect(await world.seal()).toEqual({ failed: false, answer: { sealed: 0 } });
  expect(await world.seals()).toEqual(['seal-00000001']);
});

it('has made a seal that the verifier accepts, and in which it names a changed event', async () => {
  const folder = await world.pull('seal-00000001');
  expect(await verify(folder, { copied: true })).toMatchObject({ ok: true, objects: 4 });

  const file = join(folder, 'events.ndjson');
  const rows = readFileSync(file, 'utf8').split('\n');
  const { eventId } = JSON.parse(rows[41] ?? '{}');
  writeFileSync(
    file,
    rows.with(41, rows[41]?.replace('"outcome":"', '"outcome":"not ') ?? '').join('\n'),
  );

  const { ok, findings } = await verify(folder, { copied: true });
  expect(ok).toBe(false);
  expect(findings.map(({ object }) => object)).toContain(`events.ndjson row 42 (${eventId})`);
});

it('keeps the good ones of a batch with poison, and gives up the rest with reasons', async () => {
  const good = samples('good', 91);
  const first = good[0] ?? sampleEvent();
  const bad: readonly (readonly [string, string])[] = [
    ['it is not JSON', 'poison'],
    ['only cordon-audit/1 is known', JSON.stringify({ ...first, schema: 'cordon-audit/2' })],
    ['it has 262144 bytes', 'x'.repeat(262_144)],
    ['has not come yet', JSON.stringify({ ...first, time: '2999-01-01T00:00:00.000Z' })],
    ['more than 29 days ago', JSON.stringify({ ...first, time: '1970-01-01T00:00:00.000Z' })],
    ['another event with other content', JSON.stringify({ ...first, outcome: 'refused' })],
    [
      'it came from protected-app and says that it is of cordon',
      JSON.stringify({ ...first, producer: { system: 'cordon', function: 'ContainmentLambda' } }),
    ],
    [
      'has no function',
      JSON.stringify({ ...first, producer: { ...first.producer, function: 'EvilService' } }),
    ],
    ['does not fit', JSON.stringify({ ...first, reason: 'a NUL \u0000 inside' })],
  ];
  await world.publish(texts(good.slice(0, 50)));
  await world.drained();
  await world.publish([...bad.map(([, text]) => text), ...texts(good.slice(50))]);
  await world.drained();

  const given = await world.takeGivenUp();

  expect(await eventsOf('good-')).toEqual(good.map(({ eventId }) => eventId));
  expect(given).toHaveLength(bad.length);
  for (const [reason, text] of bad) {
    const letter = given.find((each) => each.reason.includes(reason));
    expect(letter?.body, reason).toContain(JSON.stringify(text).slice(1, -1));
  }
});

it('gives up nothing for good: a deployer has everything judged again', async () => {
  const events = samples('again', 12);
  const envelope = (Message: string) =>
    JSON.stringify({ Type: 'Notification', TopicArn: world.out('AuditTopicArn'), Message });
  const sqs = new SQSClient({ ...clientConfig(world.app), useQueueUrlAsEndpoint: false });
  const QueueUrl = world.out('AuditGivenUpUrl');
  for (const Message of [...texts(events), 'poison'])
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: envelope(Message) }));
  await world.moveFromElsewhere(envelope(texts(samples('again-forged', 1)).join('')));

  expect((await world.call('AuditResend')).answer).toEqual({ resent: 13, foreign: 1 });
  await world.drained();

  expect(await eventsOf('again-')).toEqual(events.map(({ eventId }) => eventId));
  const left = (await world.takeGivenUp(2)).map(({ reason }) => reason);
  expect(left.sort()).toEqual(['it is not JSON', 'no reason']);
});

it('keeps an event once, however often it comes', async () => {
  const events = samples('twice', 30);

  await world.publish([...texts(events), ...texts(events), ...texts(events)]);
  await world.drained();

  expect(await eventsOf('twice-')).toEqual(events.map(({ eventId }) => eventId));
  expect(await world.takeGivenUp()).toEqual([]);
});

it('loses and doubles nothing where the function is killed at its work', async () => {
  const events = samples('killed', 200);
  const published = world.publish(texts(events));
  let killed = 0;
  while (killed < 3 && (await eventsOf('killed-')).length < 200)
    killed += await killWorkers(world.app.engine, 'AuditIngest');
  await published;
  await world.drained();

  expect(killed).toBeGreaterThan(0);
  expect(await eventsOf('killed-')).toEqual(events.map(({ eventId }) => eventId));
  expect(await world.takeGivenUp()).toEqual([]);
});

describe('between an event and its seal', () => {
  it('what was changed in the table is named by the seal, and not sealed', async () => {
    await world.seal();
    const [changed, ...others] = samples('changed', 5);
    await world.publish(texts([changed, ...others]));
    await world.drained();
    await new DynamoDBClient(clientConfig(world.app)).send(
      new UpdateItemCommand({
        TableName: world.out('AuditEventsTableName'),
        Key: {
          event_id: { S: changed?.eventId ?? '' },
          timestamp: { N: String(Date.parse(changed?.time ?? '')) },
        },
        UpdateExpression: 'SET outcome = :fine',
        ExpressionAttributeValues: { ':fine': { S: 'failed' } },
      }),
    );

    expect(await world.seal()).toEqual({ failed: false, answer: { sealed: 5 } });
    const [name = ''] = (await world.seals()).slice(-1);
    const folder = await world.pull(name);
    expect(await verify(folder, { copied: true })).toMatchObject({ ok: true });
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    expect(manifest.merkle.events).toBe(4);
    expect(manifest.gaps).toMatchObject([
      { what: changed?.eventId, why: 'it is not in the table as it was when it was kept' },
    ]);
  });

  it('the seals are a chain, and each event has one', async () => {
    const names = await world.seals();
    let before: string | undefined;
    for (const name of names) {
      const manifest = readFileSync(join(await world.pull(name), 'manifest.json'), 'utf8');
      expect(JSON.parse(manifest).previous?.sha256).toBe(before);
      before = createHash('sha256').update(manifest).digest('hex');
    }
    const ledger = await world.ledger();
    expect(ledger.filter(({ seal }) => seal === undefined)).toEqual([]);
    expect(idsOf(ledger)).toEqual(idsOf(await world.events()));
  });

  it('a run that was ended leaves nothing that the next cannot finish', async () => {
    const events = samples('ended', 6);
    await world.publish(texts(events));
    await world.drained();
    const kept = (await world.events())
      .filter(({ event_id }) => String(event_id).startsWith('ended-'))
      .slice(0, 4)
      .map((fields) => auditEvent.parse(storedEvent.parse(fields).event));
    const next = `seal-${String((await world.seals()).length + 1).padStart(8, '0')}`;
    await new S3Client(clientConfig(world.app)).send(
      new PutObjectCommand({
        Bucket: world.out('AuditSealsBucketName'),
        Key: `seals/${next}/events.ndjson`,
        Body: sealedRows(kept).lines,
        IfNoneMatch: '*',
      }),
    );

    expect(await world.seal()).toEqual({ failed: false, answer: { sealed: 6 } });
    const folder = await world.pull(next);
    expect(await verify(folder, { copied: true })).toMatchObject({ ok: true });
    expect(readFileSync(join(folder, 'events.ndjson'), 'utf8')).toBe(sealedRows(kept).lines);
  });
});

describe('an auditor', () => {
  const permitted = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }],
  };
  const as = async (name: string, policy: unknown = permitted) =>
    reading(world, await caller(world.app, name, policy));
  let read: ReturnType<typeof reading>;
  beforeAll(async () => {
    read = await as('auditor-of-protected-app');
  });

  it('finds events page by page, each once, newest first', async () => {
    const query = { action: 'products.read', producer: 'ScanService', limit: '10' };
    const pages: { eventId: string; time: string }[] = [];
    for (let cursor: unknown = ''; cursor !== null; ) {
      const { status, body } = await read('/events', {
        ...query,
        ...(cursor !== '' && { cursor: String(cursor) }),
      });
      expect(status).toBe(200);
      pages.push(...(Array.isArray(body.events) ? body.events : []));
      cursor = body.next;
    }
    const kept = (await world.events()).filter(({ action }) => action === 'products.read');
    expect(kept.length).toBeGreaterThan(20);
    expect(pages.map(({ eventId }) => eventId).sort()).toEqual(idsOf(kept));
    const times = pages.map(({ time }) => time);
    expect(times).toEqual(times.toSorted().reverse());
  });

  it('gets a proof of one event that the verifier accepts', async () => {
    const { status, body } = await read('/events/good-0007');
    expect({ status, state: body.state }).toEqual({ status: 200, state: 'sealed' });
    const proof: Readonly<Record<string, string>> = Object(body.proof);
    const folder = join(temp('proofs'), 'good-0007');
    mkdirSync(folder);
    const files = {
      'manifest.json': proof.manifest ?? '',
      'manifest.sig': Buffer.from(proof.signature ?? '', 'base64'),
      'public-key.pem': proof.publicKey ?? '',
      'proof.json': proof.proof ?? '',
    };
    for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, path), content);

    expect(await verify(folder, { proof: true })).toMatchObject({
      ...{ ok: true, findings: [], event: { id: 'good-0007', row: proof.row } },
    });
    const changed = await read('/events/changed-0000');
    expect(changed.body).toMatchObject({ state: 'gap', proof: null });
  });

  it('sees the seals, newest first', async () => {
    const names = (await world.seals()).toReversed();
    const first = await read('/seals', { limit: '2' });
    expect(first.body).toMatchObject({ seals: names.slice(0, 2).map((name) => ({ name })) });
    const rest = await read('/seals', { before: String(first.body.next) });
    expect(rest.body).toMatchObject({
      ...{ seals: names.slice(2).map((name) => ({ name, state: 'stored' })), next: null },
    });
    const seal = await read(`/seals/${names[0]}`);
    expect(JSON.parse(String(seal.body.manifest))).toMatchObject({ incident: names[0] });
  });

  it('of another system sees none of these events', async () => {
    const other = await as('auditor-of-cordon');
    for (const query of [{}, { system: 'protected-app' }, { action: 'products.read' }])
      expect(await other('/events', query)).toEqual({
        ...{ status: 200, body: { events: [], unreadable: [], next: null } },
      });
    expect((await other('/events/good-0007')).status).toBe(404);
    const { body } = await read('/events', { limit: '1' });
    expect((await other('/events', { cursor: String(body.next) })).status).toBe(400);
  });

  it('is refused with a problem for what is no filter', async () => {
    const wrong = [
      { action: "x' OR '1'='1" },
      { producer: 'Product*' },
      { actor: Array(1_000).fill('a').join(',') },
      { cursor: 'forged' },
      { unknown: '1' },
    ];
    for (const query of wrong)
      expect(await read('/events', query)).toMatchObject({
        ...{ status: 400, body: { status: 400, requestId: expect.any(String) } },
      });
    expect((await read('/seals/seal-1')).status).toBe(400);
  });

  it('is whom IAM and the list both name, and nobody else', async () => {
    const unlisted = await as('administrator-of-everything', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    });
    const nothing = { Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' };
    await permit(world.app, 'auditor-of-cordon', { Version: '2012-10-17', Statement: [nothing] });
    const powerless = reading(
      world,
      await assume(world.app, `arn:aws:iam::${ACCOUNT}:role/auditor-of-cordon`, 'caller'),
    );
    for (const path of ['/events', '/events/good-0007', '/seals', '/seals/seal-00000001']) {
      expect((await unlisted(path)).status, path).toBe(403);
      expect((await powerless(path)).status, path).toBe(403);
      expect((await readUnsigned(world, path)).status, path).toBe(403);
    }
    expect((await reading(world, world.app.rootKey)('/seals')).status).toBe(200);
  });
});

it('an intruder can neither write, change, remove nor take an event, nor a seal', async () => {
  const keys = await caller(world.app, 'intruder-audit', {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['dynamodb:*', 's3:*', 'sns:*', 'sqs:*', 'secretsmanager:*', 'kms:*', 'lambda:*'],
        Resource: '*',
      },
    ],
  });
  const as = clientConfig(world.app, keys);
  const [dynamo, s3, sns] = [new DynamoDBClient(as), new S3Client(as), new SNSClient(as)];
  const sqs = new SQSClient({ ...as, useQueueUrlAsEndpoint: false });
  const QueueUrl = world.out('AuditQueueUrl');
  const TableName = world.out('AuditEventsTableName');
  const Key = { event_id: { S: 'good-0000' }, timestamp: { N: '1' } };
  const Bucket = world.out('AuditSealsBucketName');
  const attempts: Readonly<Record<string, () => Promise<unknown>>> = {
    publish: () =>
      sns.send(new PublishCommand({ TopicArn: world.out('AuditTopicArn'), Message: '{}' })),
    'publish as Cordon': () =>
      sns.send(new PublishCommand({ TopicArn: world.out('CordonAuditTopicArn'), Message: '{}' })),
    'hand in again': () =>
      new LambdaClient(as).send(new InvokeCommand({ FunctionName: 'AuditResend' })),
    send: () => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' })),
    receive: () => sqs.send(new ReceiveMessageCommand({ QueueUrl })),
    put: () => dynamo.send(new PutItemCommand({ TableName, Item: Key })),
    update: () =>
      dynamo.send(
        new UpdateItemCommand({
          ...{ TableName, Key },
          UpdateExpression: 'SET outcome = :fine',
          ExpressionAttributeValues: { ':fine': { S: 'succeeded' } },
        }),
      ),
    'overwrite a seal': () =>
      s3.send(
        new PutObjectCommand({ Bucket, Key: 'seals/seal-00000001/manifest.json', Body: '{}' }),
      ),
    'read the key of persons': () =>
      new SecretsManagerClient(as).send(
        new GetSecretValueCommand({ SecretId: world.out('AuditSecretId') }),
      ),
  };
  const said: Record<string, string> = {};
  for (const [words, attempt] of Object.entries(attempts)) said[words] = await verdict(attempt);

  expect(said).toEqual(Object.fromEntries(Object.keys(attempts).map((words) => [words, 'denied'])));
});
