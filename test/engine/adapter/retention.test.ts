// What a long run lets go of, and what it does not.
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { processes } from '../../../local/engine/processes.ts';
import { at } from '../../../responders/shared/json.ts';
import { makeTable } from '../../../tools/bench/trail-table.ts';
import { type Engine, startEngine } from './engine.ts';
import { eventually, makeFunction, makeRole, outcome } from './world.ts';

let engine: Engine;
let s3: S3Client;
beforeAll(async () => {
  engine = await startEngine({
    env: { CORDON_RETENTION_SECONDS: '5', LAMBDA_WARM_TTL_SECONDS: '20' },
  });
  s3 = new S3Client(clientConfig(engine));
});
afterAll(() => engine?.stop());

const textOf = async (Key: string, VersionId?: string): Promise<string | undefined> => {
  const read = new GetObjectCommand({ Bucket: 'versions', Key, VersionId });
  return (await s3.send(read)).Body?.transformToString();
};

test('each version of an object keeps its bytes', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'versions' }));
  const put = async (Body: string) =>
    (await s3.send(new PutObjectCommand({ Bucket: 'versions', Key: 'a/b', Body }))).VersionId;
  await put('before versioning');
  await s3.send(
    new PutBucketVersioningCommand({
      Bucket: 'versions',
      VersioningConfiguration: { Status: 'Enabled' },
    }),
  );
  const versions = [await put('one'), await put('two')];

  expect(await Promise.all(['null', ...versions].map((id) => textOf('a/b', id)))).toEqual([
    'before versioning',
    'one',
    'two',
  ]);
  expect(await textOf('a/b')).toBe('two');

  const object = { Bucket: 'versions', Key: 'a/b' };
  const { VersionId } = await s3.send(new DeleteObjectCommand(object));
  expect(await outcome(textOf('a/b'))).toBe('NoSuchKey');
  expect(await textOf('a/b', versions[1])).toBe('two');
  await s3.send(new DeleteObjectCommand({ ...object, VersionId }));
  expect(await textOf('a/b')).toBe('two');
});

test('a query is let go of with its answer and its files, and the trail remains', async () => {
  const athena = new AthenaClient(clientConfig(engine));
  await s3.send(new CreateBucketCommand({ Bucket: 'retention-trail' }));
  await makeTable(engine, {
    location: 's3://retention-trail/AWSLogs',
    accounts: ['000000000000'],
    regions: ['us-east-1'],
    database: 'retention',
  });
  await s3.send(new PutObjectCommand({ Bucket: 'retention-trail', Key: 'kept', Body: 'kept' }));
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({ QueryString: 'SELECT 1 AS n', WorkGroup: 'retention' }),
  );
  const ask = new GetQueryExecutionCommand({ QueryExecutionId });
  const { QueryExecution } = await eventually(
    () => athena.send(ask),
    (answer) => answer.QueryExecution?.Status?.State === 'SUCCEEDED',
  );
  const location = new URL(QueryExecution?.ResultConfiguration?.OutputLocation ?? '');
  const files = async () => {
    const { Contents = [] } = await s3.send(
      new ListObjectsV2Command({ Bucket: location.hostname, Prefix: location.pathname.slice(1) }),
    );
    return Contents.length;
  };

  expect(await files()).toBe(2);
  await eventually(
    () => outcome(athena.send(new GetQueryResultsCommand({ QueryExecutionId }))),
    (answer) => answer === 'InvalidRequestException',
  );

  expect(await files()).toBe(0);
  expect(
    (await s3.send(new ListObjectsV2Command({ Bucket: 'retention-trail' }))).Contents,
  ).toMatchObject([{ Key: 'kept' }]);
});

test('data events leave memory, and management events do not', async () => {
  const names = async (): Promise<readonly unknown[]> => {
    const records = await engine.get('/_cordon/cloudtrail?since=0');
    return Array.isArray(records) ? records.map((record) => at(record, 'eventName')) : [];
  };
  await s3.send(new PutObjectCommand({ Bucket: 'versions', Key: 'c', Body: 'd' }));

  const left = await eventually(names, (found) => !found.includes('PutObject'));

  expect(left).toContain('CreateBucket');
  const { Events = [] } = await new CloudTrailClient(clientConfig(engine)).send(
    new LookupEventsCommand({
      LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'CreateBucket' }],
    }),
  );
  expect(Events.length).toBeGreaterThanOrEqual(2);
  expect(Events[0]?.CloudTrailEvent).toContain('"eventName": "CreateBucket"');
});

test('where many functions are deployed, the only process of one ends when it has waited', async () => {
  const role = await makeRole(engine, 'waiting', []);
  const code = 'const id = crypto.randomUUID(); export const handler = async () => id;';
  const names = Array.from({ length: 41 }, (_, index) => `waiting-${index}`);
  await Promise.all(names.map((name) => makeFunction(engine, name, code, role)));
  const lambda = new LambdaClient(clientConfig(engine));
  const idOf = async (): Promise<string | undefined> =>
    (
      await lambda.send(new InvokeCommand({ FunctionName: 'waiting-0' }))
    ).Payload?.transformToString();
  const waiting = async () =>
    processes().filter(
      ({ command }) =>
        command.includes(engine.runDir) && command.includes('ministack-lambda-waiting-0'),
    );

  const first = await idOf();
  expect(await waiting()).not.toEqual([]);
  await eventually(waiting, ({ length }) => length === 0);

  expect(await idOf()).not.toBe(first);
});
