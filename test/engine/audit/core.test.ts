// The core of the audit on real tables, queues, keys and buckets, without its stack: each stage is
// counted.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  paginateScan,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import type { Engine } from '../../../local/engine/start.ts';
import { mostDeliveries } from '../../../protected-app/audit/deliveries.ts';
import { type IngestDeps, ingestBatch } from '../../../protected-app/audit/ingest/ingest.ts';
import { keyOfSecret } from '../../../protected-app/audit/ingest/obfuscate.ts';
import { producers } from '../../../protected-app/audit/producers.ts';
import { createObject, readObject } from '../../../protected-app/audit/seal/bucket.ts';
import { sealedRows } from '../../../protected-app/audit/seal/folder.ts';
import { mostGaps, pendingEvents } from '../../../protected-app/audit/seal/pending.ts';
import { type AuditSealDeps, sealAll } from '../../../protected-app/audit/seal/seal.ts';
import { sealKeyOf } from '../../../protected-app/audit/seal/signer.ts';
import { pendingGroupOf, pendingIndex } from '../../../protected-app/audit/tables.ts';
import { verify } from '../../../responders/evidence/verify.mjs';
import { engineAlone } from '../../support/engine/deployed.ts';
import { sampleEvent } from '../../support/protected-app/audit-events.ts';
import { temp } from '../../support/temp.ts';

const topic = 'arn:aws:sns:us-east-1:123456789012:app-audit';
let engine: Engine;
let ingest: IngestDeps;
let sealing: AuditSealDeps;
const counts: Record<string, number> = {};
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

const makeTables = async (client: DynamoDBClient) => {
  const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const });
  const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName, KeyType });
  await client.send(
    new CreateTableCommand({
      TableName: 'events',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [text('event_id'), { AttributeName: 'timestamp', AttributeType: 'N' }],
      KeySchema: [key('event_id', 'HASH'), key('timestamp', 'RANGE')],
    }),
  );
  await client.send(
    new CreateTableCommand({
      TableName: 'ledger',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [text('event_id'), text('pending'), text('ingestedAt')],
      KeySchema: [key('event_id', 'HASH')],
      GlobalSecondaryIndexes: [
        {
          IndexName: pendingIndex,
          KeySchema: [key('pending', 'HASH'), key('ingestedAt', 'RANGE')],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
};

beforeAll(async () => {
  engine = await engineAlone();
  const root = clientConfig(engine);
  const client = new DynamoDBClient(root);
  const sqs = new SQSClient({ ...root, useQueueUrlAsEndpoint: false });
  const [s3, kms] = [new S3Client(root), new KMSClient(root)];
  await makeTables(client);
  await s3.send(new CreateBucketCommand({ Bucket: 'seals', ObjectLockEnabledForBucket: true }));
  const { KeyMetadata } = await kms.send(
    new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }),
  );
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'given-up' }));
  const shared = {
    tables: { client, events: 'events', ledger: 'ledger' },
    now: Date.now,
    count: (name: string, amount: number) => {
      counts[name] = (counts[name] ?? 0) + amount;
    },
    log: silent,
  };
  ingest = {
    ...shared,
    sqs,
    givenUpUrl: QueueUrl,
    publishers: { systems: { [topic]: 'protected-app' }, functions: producers },
    readKey: async () => keyOfSecret('the secret of a test'),
  };
  sealing = {
    ...shared,
    bucket: { s3, name: 'seals' },
    signer: { kms, keyId: KeyMetadata?.Arn ?? '' },
    account: '123456789012',
    region: 'us-east-1',
    verifier: '// the verifier',
  };
});
afterAll(async () => {
  await engine?.stop();
});

const delivered = (texts: readonly string[], delivery = 1) => ({
  Records: texts.map((Message, index) => ({
    messageId: `m-${index}`,
    body: JSON.stringify({ Type: 'Notification', TopicArn: topic, Message }),
    attributes: { ApproximateReceiveCount: String(delivery) },
  })),
});

const samples = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) =>
    sampleEvent({ eventId: `${prefix}-${String(index).padStart(4, '0')}` }),
  );
const texts = (events: readonly unknown[]): string[] => events.map((each) => JSON.stringify(each));

const idsIn = async (TableName: string, prefix: string): Promise<string[]> => {
  const ids: string[] = [];
  const pages = paginateScan({ client: ingest.tables.client }, { TableName });
  for await (const { Items = [] } of pages)
    ids.push(...Items.map((item) => String(unmarshall(item).event_id)));
  return ids.filter((id) => id.startsWith(prefix)).sort();
};

const reasons = async (): Promise<string[]> => {
  const said: string[] = [];
  for (;;) {
    const { Messages = [] } = await ingest.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: ingest.givenUpUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        VisibilityTimeout: 900,
      }),
    );
    if (Messages.length === 0) return said;
    said.push(
      ...Messages.map(({ MessageAttributes: named }) => named?.reason?.StringValue ?? 'none'),
    );
  }
};

const pull = async (name: string): Promise<string> => {
  const folder = join(temp('seal'), name);
  const { s3, name: Bucket } = sealing.bucket;
  const Prefix = `seals/${name}/`;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  for (const { Key = '' } of Contents) {
    const file = join(folder, Key.slice(Prefix.length));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, (await readObject(sealing.bucket, Key)) ?? '');
  }
  return folder;
};
const inAnHour = () => Date.now() + 3_600_000;

describe('a batch of a hundred with poison in it', () => {
  const good = samples('good', 93);
  const first = good[0] ?? sampleEvent();
  const bad = {
    'it is not JSON': 'poison',
    'only cordon-audit/1 is known': JSON.stringify({ ...first, schema: 'cordon-audit/2' }),
    'it has 262144 bytes': 'x'.repeat(262_144),
    'has not come yet': JSON.stringify({ ...first, time: '2999-01-01T00:00:00.000Z' }),
    'more than 29 days ago': JSON.stringify({ ...first, time: '1970-01-01T00:00:00.000Z' }),
    'another event with other content': JSON.stringify({ ...first, outcome: 'refused' }),
    'says that it is of cordon': JSON.stringify({
      ...first,
      producer: { system: 'cordon', function: 'ContainmentLambda' },
    }),
  };

  it('keeps each good event once, and gives up the rest with their reasons', async () => {
    await ingestBatch(ingest)(delivered(texts([first])));
    const batch = delivered([...texts(good), ...Object.values(bad)]);
    expect(batch.Records).toHaveLength(100);

    expect(await ingestBatch(ingest)(batch)).toEqual({ batchItemFailures: [] });

    expect(await idsIn('events', 'good-')).toEqual(good.map(({ eventId }) => eventId));
    expect(await idsIn('ledger', 'good-')).toEqual(good.map(({ eventId }) => eventId));
    expect(counts).toEqual({ EventsKept: 93, EventsRepeated: 1, EventsRefused: 7 });
    const said = await reasons();
    expect(said).toHaveLength(7);
    for (const reason of Object.keys(bad))
      expect(said.filter((each) => each.includes(reason))).toHaveLength(1);
  });

  it('keeps nothing twice where it is delivered again', async () => {
    expect(await ingestBatch(ingest)(delivered(texts(good)))).toEqual({ batchItemFailures: [] });

    expect(await idsIn('events', 'good-')).toHaveLength(93);
    expect(counts.EventsRepeated).toBe(94);
  });
});

it('delivers again what cannot be kept, and gives it up with the error at last', async () => {
  const away = { ...ingest, tables: { ...ingest.tables, ledger: 'no-such-table' } };
  const batch = texts(samples('away', 3));

  const { batchItemFailures } = await ingestBatch(away)(delivered(batch));
  expect(batchItemFailures).toHaveLength(3);
  expect(await reasons()).toEqual([]);

  await ingestBatch(away)(delivered(batch, mostDeliveries));
  expect(await reasons()).toEqual(Array(3).fill(expect.stringContaining('ResourceNotFound')));
  expect(await idsIn('events', 'away-')).toEqual([]);
});

it('seals what has no seal, in a folder in which the verifier names a changed event', async () => {
  expect(await sealAll(sealing, inAnHour())).toBe(93);
  expect(await sealAll(sealing, inAnHour())).toBe(0);
  const folder = await pull('seal-00000001');
  expect(await verify(folder, { copied: true })).toMatchObject({ ok: true, findings: [] });

  const file = join(folder, 'events.ndjson');
  const rows = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, rows.with(41, rows[41]?.replace('succeeded', 'failed') ?? '').join('\n'));
  const { ok, findings } = await verify(folder, { copied: true });
  expect(ok).toBe(false);
  const { eventId } = JSON.parse(rows[41] ?? '{}');
  expect(findings.map(({ object }) => object)).toContain(`events.ndjson row 42 (${eventId})`);
});

const changeInTable = async ({ eventId, time }: ReturnType<typeof sampleEvent>) => {
  await ingest.tables.client.send(
    new UpdateItemCommand({
      TableName: 'events',
      Key: { event_id: { S: eventId }, timestamp: { N: String(Date.parse(time)) } },
      UpdateExpression: 'SET outcome = :failed',
      ExpressionAttributeValues: { ':failed': { S: 'failed' } },
    }),
  );
};

it('names what was changed before its seal, and seals the others, in a chain', async () => {
  const [changed = sampleEvent(), ...others] = samples('changed', 4);
  await ingestBatch(ingest)(delivered(texts([changed, ...others])));
  await changeInTable(changed);

  expect(await sealAll(sealing, inAnHour())).toBe(4);

  const folder = await pull('seal-00000002');
  expect(await verify(folder, { copied: true })).toMatchObject({ ok: true });
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  expect(manifest).toMatchObject({
    merkle: { events: 3 },
    gaps: [{ what: changed.eventId, why: expect.stringContaining('as it was when it was kept') }],
    previous: { incident: 'seal-00000001' },
  });
});

it('goes on where a run was ended, and gives no event two seals', async () => {
  await ingestBatch(ingest)(delivered(texts(samples('ended', 6))));
  const { events } = await pendingEvents(ingest.tables, 4);
  const { lines } = sealedRows(events);
  await createObject(sealing.bucket, 'seals/seal-00000003/events.ndjson', lines);

  expect(await sealAll(sealing, inAnHour())).toBe(6);

  const [third, fourth] = [await pull('seal-00000003'), await pull('seal-00000004')];
  expect(readFileSync(join(third, 'events.ndjson'), 'utf8')).toBe(lines);
  for (const folder of [third, fourth])
    expect(await verify(folder, { copied: true })).toMatchObject({ ok: true });
  expect(readFileSync(join(fourth, 'events.ndjson'), 'utf8').trim().split('\n')).toHaveLength(2);
});

it('goes on where a run was ended that had gaps alone, and events came since', async () => {
  const [gap = sampleEvent(), since = sampleEvent()] = samples('gap', 2);
  await ingestBatch(ingest)(delivered(texts([gap])));
  await changeInTable(gap);
  const { lines } = sealedRows([]);
  await createObject(sealing.bucket, 'seals/seal-00000005/events.ndjson', lines);
  await ingestBatch(ingest)(delivered(texts([since])));

  expect(await sealAll(sealing, inAnHour())).toBe(2);

  const [fifth, sixth] = [await pull('seal-00000005'), await pull('seal-00000006')];
  for (const folder of [fifth, sixth])
    expect(await verify(folder, { copied: true })).toMatchObject({ ok: true });
  const manifest = JSON.parse(readFileSync(join(fifth, 'manifest.json'), 'utf8'));
  expect(manifest).toMatchObject({ merkle: { events: 0 }, gaps: [{ what: gap.eventId }] });
  expect(readFileSync(join(sixth, 'events.ndjson'), 'utf8')).toContain(since.eventId);
});

it('keeps the verifier and the key of a run that an earlier release has ended', async () => {
  await ingestBatch(ingest)(delivered(texts(samples('release', 2))));
  const at = 'seals/seal-00000007/';
  const key = String(await readObject(sealing.bucket, 'seals/seal-00000006/public-key.pem'));
  await createObject(sealing.bucket, `${at}verify.mjs`, '// an earlier verifier');
  await createObject(sealing.bucket, `${at}public-key.pem`, key.trimEnd());

  expect(await sealAll(sealing, inAnHour())).toBe(2);

  const folder = await pull('seal-00000007');
  expect(await verify(folder, { copied: true })).toMatchObject({ ok: true, findings: [] });
  expect(readFileSync(join(folder, 'verify.mjs'), 'utf8')).toBe('// an earlier verifier');
});

it('seals with a key that has replaced the one of an ended run', async () => {
  await ingestBatch(ingest)(delivered(texts(samples('replaced', 2))));
  const left = String(await readObject(sealing.bucket, 'seals/seal-00000006/public-key.pem'));
  await createObject(sealing.bucket, 'seals/seal-00000008/public-key.pem', left);
  const { kms } = sealing.signer;
  const { KeyMetadata } = await kms.send(
    new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }),
  );
  const signer = { kms, keyId: KeyMetadata?.Arn ?? '' };

  expect(await sealAll({ ...sealing, signer }, inAnHour())).toBe(2);

  const folder = await pull('seal-00000008');
  const result = await verify(folder, { copied: true });
  expect(result).toMatchObject({ ok: true, findings: [], objects: 5 });
  expect(result.key.fingerprint).toBe((await sealKeyOf(signer)).sha256);
  expect(readFileSync(join(folder, 'public-key.pem'), 'utf8')).toBe(left);
});

it('seals nothing over what another has put in its place', async () => {
  await ingestBatch(ingest)(delivered(texts(samples('foreign', 2))));
  const { lines } = sealedRows(samples('never-kept', 1));
  await createObject(sealing.bucket, 'seals/seal-00000009/events.ndjson', lines);

  await expect(sealAll(sealing, inAnHour())).rejects.toThrow('does not know like this');
});

it('gives one seal no more gaps than its claim holds', async () => {
  const entries = Array.from({ length: mostGaps + 5 }, (_, index) => {
    const leaf = index.toString(16).padStart(64, '0');
    return {
      ...{ event_id: `never-there-${index}`, timestamp: index, leaf },
      ...{ ingestedAt: new Date(index).toISOString(), pending: pendingGroupOf(leaf) },
    };
  });
  for (let from = 0; from < entries.length; from += 25)
    await ingest.tables.client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          ledger: entries
            .slice(from, from + 25)
            .map((entry) => ({ PutRequest: { Item: marshall(entry) } })),
        },
      }),
    );

  expect((await pendingEvents(ingest.tables, entries.length)).gaps).toHaveLength(mostGaps);
});
