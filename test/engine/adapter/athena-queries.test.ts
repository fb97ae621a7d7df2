// Athena over a trail's files: projection, dialect, parameters, limits.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateWorkGroupCommand,
} from '@aws-sdk/client-athena';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { literal } from '../../../responders/timeline/bounds.ts';
import { makeTable } from '../../../tools/bench/trail-table.ts';
import { type Engine, startEngine } from './engine.ts';
import { allow, outcome, roleKeys } from './world.ts';

const bytesOf = (records: readonly object[]): Buffer =>
  gzipSync(JSON.stringify({ Records: records }));
const role = 'arn:aws:iam::111122223333:role/app/r';
const record = {
  eventVersion: '1.11',
  userIdentity: {
    type: 'AssumedRole',
    arn: 'arn:aws:sts::111122223333:assumed-role/r/s',
    sessionContext: { sessionIssuer: { type: 'Role', arn: role } },
  },
  eventTime: '2025-11-20T10:00:00Z',
  eventName: 'GetObject',
  requestParameters: { bucketName: 'b', key: "o'neil ? ‮" },
  responseElements: null,
  eventID: 'one',
  readOnly: true,
  resources: [
    { ARN: 'arn:aws:s3:::b/k', accountId: '111122223333', type: 'AWS::S3::Object' },
    { ARN: 'arn:aws:s3:::b' },
  ],
  aFieldOfTomorrow: { deep: [1] },
};
const other = {
  ...record,
  eventID: 'other',
  eventName: 'ListUsers',
  errorCode: 'AccessDenied',
  requestParameters: null,
  resources: undefined,
};

/** Files by account, region and day; the last is none of CloudTrail's. */
const files: readonly (readonly [string, Buffer])[] = [
  ['AWSLogs/111122223333/CloudTrail/eu-west-1/2025/11/20/a.json.gz', bytesOf([record, other])],
  [
    'AWSLogs/111122223333/CloudTrail/eu-west-1/2025/11/21/b.json.gz',
    bytesOf([{ ...record, eventID: 'next-day' }]),
  ],
  [
    'AWSLogs/111122223333/CloudTrail/us-east-1/2025/11/20/c.json.gz',
    bytesOf([{ ...record, eventID: 'elsewhere' }]),
  ],
  [
    'AWSLogs/444455556666/CloudTrail/eu-west-1/2025/11/20/d.json.gz',
    bytesOf([{ ...record, eventID: 'neighbour' }]),
  ],
  [
    'AWSLogs/999988887777/CloudTrail/eu-west-1/2025/11/20/e.json.gz',
    bytesOf([{ ...record, eventID: 'not projected' }]),
  ],
  [
    'AWSLogs/111122223333/CloudTrail-Insight/eu-west-1/2025/11/20/f.json.gz',
    Buffer.from('no json'),
  ],
];
const sizeOf = (name: string): number =>
  files.find(([key]) => key.endsWith(`/${name}.json.gz`))?.[1].length ?? 0;

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
  await fill(engine);
});
afterAll(() => engine?.stop());

const fill = async (at: Engine): Promise<void> => {
  const s3 = new S3Client(clientConfig(at));
  await s3.send(new CreateBucketCommand({ Bucket: 'trail' }));
  for (const [Key, Body] of files)
    await s3.send(new PutObjectCommand({ Bucket: 'trail', Key, Body }));
  const [accounts, regions] = [
    ['111122223333', '444455556666'],
    ['eu-west-1', 'us-east-1'],
  ];
  await makeTable(at, { location: 's3://trail/AWSLogs', accounts, regions, database: 'cordon' });
};

const from = 'FROM "cordon"."cloudtrail"';
const day = `day BETWEEN '2025/11/20' AND '2025/11/20'`;
const where = `WHERE account = '111122223333' AND region IN ('eu-west-1') AND ${day}`;

const start = (
  sql: string,
  more: { ExecutionParameters?: string[]; ClientRequestToken?: string } = {},
  keys = engine.client(),
) =>
  new AthenaClient({ ...clientConfig(engine), ...keys }).send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: 'cordon',
      QueryExecutionContext: { Database: 'cordon' },
      ...more,
    }),
  );

const ended = async (QueryExecutionId: string | undefined): Promise<QueryExecution> => {
  for (;;) {
    const { QueryExecution = {} } = await new AthenaClient(clientConfig(engine)).send(
      new GetQueryExecutionCommand({ QueryExecutionId }),
    );
    if (!['QUEUED', 'RUNNING'].includes(QueryExecution.Status?.State ?? '')) return QueryExecution;
    await sleep(20);
  }
};

const run = async (sql: string, ...parameters: string[]) => {
  const { QueryExecutionId } = await start(
    sql,
    parameters.length > 0 ? { ExecutionParameters: parameters } : {},
  );
  const { Status, Statistics } = await ended(QueryExecutionId);
  if (Status?.State !== 'SUCCEEDED')
    return { state: Status?.State, why: Status?.StateChangeReason, rows: [], bytes: 0 };
  const { ResultSet } = await new AthenaClient(clientConfig(engine)).send(
    new GetQueryResultsCommand({ QueryExecutionId }),
  );
  const rows = (ResultSet?.Rows ?? [])
    .slice(1)
    .map(({ Data = [] }) => Data.map(({ VarCharValue }) => VarCharValue ?? null));
  return { state: 'SUCCEEDED', rows, bytes: Statistics?.DataScannedInBytes };
};

describe('a query over a CloudTrail table', () => {
  it('reads the files of the partitions asked for, and its bytes are theirs', async () => {
    expect(await run(`SELECT eventid, account, region, day ${from} ${where} ORDER BY 1`)).toEqual({
      state: 'SUCCEEDED',
      rows: ['one', 'other'].map((id) => [id, '111122223333', 'eu-west-1', '2025/11/20']),
      bytes: sizeOf('a'),
    });
  });

  it.each([
    [
      'two days',
      `account = '111122223333' AND region = 'eu-west-1' AND day >= '2025/11/20'`,
      ['next-day', 'one', 'other'],
      ['a', 'b'],
    ],
    [
      'two regions',
      `account = '111122223333' AND day = '2025/11/20'`,
      ['elsewhere', 'one', 'other'],
      ['a', 'c'],
    ],
    [
      'every account that the projection knows',
      `day = '2025/11/20'`,
      ['elsewhere', 'neighbour', 'one', 'other'],
      ['a', 'c', 'd'],
    ],
    ['a partition without files', `day = '2025/11/19'`, [], []],
    ['a day before the projection begins', `day < '2020/01/01'`, [], []],
  ])('finds %s', async (_name, bounds, ids, read) => {
    const { rows, bytes } = await run(`SELECT eventid ${from} WHERE ${bounds} ORDER BY 1`);

    expect(rows.flat()).toEqual(ids);
    expect(bytes).toBe(read.reduce((sum, name) => sum + sizeOf(name), 0));
  });

  it('sees objects as JSON text, absent members as NULL, lower-case struct fields', async () => {
    const columns = [
      `json_extract_scalar(requestparameters, '$.key')`,
      'readonly',
      'useridentity.sessioncontext.sessionissuer.arn',
      'array_join(transform(resources, one -> one.arn), chr(10))',
      'responseelements',
      'errorcode',
    ];
    const { rows } = await run(`SELECT ${columns.join(', ')} ${from} ${where} ORDER BY eventid`);

    expect(rows).toEqual([
      ["o'neil ? ‮", 'true', role, 'arn:aws:s3:::b/k\narn:aws:s3:::b', null, null],
      [null, 'true', role, null, null, 'AccessDenied'],
    ]);
  });

  it('sees a file that was added or replaced since the previous query', async () => {
    const day = `WHERE account = '111122223333' AND region = 'us-east-1' AND day = '2025/11/18'`;
    const put = (name: string, ...ids: readonly string[]) =>
      new S3Client(clientConfig(engine)).send(
        new PutObjectCommand({
          Bucket: 'trail',
          Key: `AWSLogs/111122223333/CloudTrail/us-east-1/2025/11/18/${name}.json.gz`,
          Body: bytesOf(ids.map((eventID) => ({ ...record, eventID }))),
        }),
      );
    // The index answers the upper query; the lower query reads the files that hold a row.
    const ids = async () => [
      (await run(`SELECT eventid ${from} ${day} ORDER BY 1`)).rows.flat(),
      (
        await run(
          `SELECT eventid, requestparameters ${from} ${day} AND eventname = 'GetObject' ORDER BY 1`,
        )
      ).rows.map(([id]) => id),
    ];

    expect(await ids()).toEqual([[], []]);
    await put('g', 'first');
    expect(await ids()).toEqual([['first'], ['first']]);
    await put('h', 'second');
    expect(await ids()).toEqual([
      ['first', 'second'],
      ['first', 'second'],
    ]);
    await put('g', 'anew', 'and more');
    expect(await ids()).toEqual([
      ['and more', 'anew', 'second'],
      ['and more', 'anew', 'second'],
    ]);
  });

  it('gives the rows of a clause, also with OR, NOT and a join', async () => {
    const rows = async (clause: string) =>
      (
        await run(`SELECT eventid, responseelements ${from} ${where} AND ${clause} ORDER BY 1`)
      ).rows.map(([id]) => id);

    expect(
      await rows(
        `(eventname = 'ListUsers' OR json_extract_scalar(requestparameters, '$.bucketName') = 'b')`,
      ),
    ).toEqual(['one', 'other']);
    const issuer = 'useridentity.sessioncontext.sessionissuer.arn';
    expect(await rows(`NOT eventname = 'ListUsers'`)).toEqual(['one']);
    expect(await rows(`errorcode IS NULL AND requestparameters IS NOT NULL`)).toEqual(['one']);
    expect(await rows(`coalesce(errorcode, '') <> '' AND ${issuer} = '${role}'`)).toEqual([
      'other',
    ]);
    expect(await rows(`useridentity.arn = 'nobody'`)).toEqual([]);
    const events = `(SELECT eventid AS event, useragent AS agent ${from} ${where}) AS c`;
    const ids = `(VALUES 'one', 'gone') AS v(id)`;
    const join = `${ids} LEFT JOIN ${events} ON v.id = c.event`;
    const outer = `SELECT v.id FROM ${join} WHERE c.event IS NULL`;
    expect((await run(outer)).rows).toEqual([['gone']]);
  });

  it('fails with a reason where the dialect does', async () => {
    const { state, why } = await run(`SELECT nosuchcolumn ${from} ${where}`);

    expect(state).toBe('FAILED');
    expect(why).toContain('nosuchcolumn');
  });
});

describe('parameters', () => {
  const key = `json_extract_scalar(requestparameters, '$.key')`;
  const sql = `SELECT eventid ${from} ${where} AND '?' = '?' AND ${key} = ?`;

  it('are put in as they are, in the order of the text', async () => {
    expect((await run(sql, literal("o'neil ? ‮"))).rows).toEqual([['one']]);
    expect((await run(sql, literal("' OR 1=1 --"))).rows).toEqual([]);
    const events = `SELECT eventid, eventname ${from} ${where} AND eventname = ?`;
    const nested = `WITH a AS (${events}) SELECT eventid, ? FROM a WHERE eventid = ?`;
    expect((await run(nested, "'GetObject'", "'x'", "'one'")).rows).toEqual([['one', 'x']]);
  });

  it.each([
    ['too few', [], 'expected 2 but found 1'],
    ['too many', ["'b'", "'c'"], 'expected 2 but found 3'],
    ['no literal', ['current_date'], 'no SQL literal'],
    ['more than a literal', ["'a' OR 1=1"], 'no SQL literal'],
    ['too long', [literal('x'.repeat(1_030))], 'longer than 1024'],
  ])('are refused: %s', async (_name, more, why) => {
    await expect(
      start(`${sql} AND eventid = ?`, { ExecutionParameters: ["'one'", ...more] }),
    ).rejects.toThrow(why);
  });

  it('a token identifies a single query, however often it is sent', async () => {
    const ClientRequestToken = 'a-token-of-at-least-thirty-two-characters';
    const [original, repeated] = [
      await start(`SELECT eventid ${from} ${where}`, { ClientRequestToken }),
      await start(`SELECT eventid ${from} ${where}`, { ClientRequestToken }),
    ];
    const fresh = await start(`SELECT eventid ${from} ${where}`);

    expect(repeated.QueryExecutionId).toBe(original.QueryExecutionId);
    expect(fresh.QueryExecutionId).not.toBe(original.QueryExecutionId);
  });
});

it('a query over the trail reads no other file of the machine', async () => {
  const key = join(engine.runDir, 'root-key.json');
  expect(await run(`SELECT content ${from}, read_text('${key}') ${where}`)).toMatchObject({
    state: 'FAILED',
    why: expect.stringContaining('Cannot access file'),
  });
});

describe('the workgroup', () => {
  const athena = () => new AthenaClient(clientConfig(engine));
  const set = (ConfigurationUpdates: object) =>
    athena().send(new UpdateWorkGroupCommand({ WorkGroup: 'cordon', ConfigurationUpdates }));

  it('cancels what reads more than its limit', async () => {
    await set({ BytesScannedCutoffPerQuery: sizeOf('a') - 1 });
    const cut = await run(`SELECT eventid ${from} ${where}`);
    await set({ BytesScannedCutoffPerQuery: sizeOf('a') });

    expect(cut).toMatchObject({
      state: 'CANCELLED',
      why: expect.stringContaining('Bytes scanned limit was exceeded'),
    });
    expect((await run(`SELECT eventid ${from} ${where}`)).state).toBe('SUCCEEDED');
    await set({ BytesScannedCutoffPerQuery: 10_000_000 });
  });

  it('decides where answers are written, whatever the caller asks', async () => {
    const { QueryExecutionId } = await athena().send(
      new StartQueryExecutionCommand({
        QueryString: `SELECT eventid ${from} ${where}`,
        WorkGroup: 'cordon',
        ResultConfiguration: { OutputLocation: 's3://of-the-caller/' },
      }),
    );

    expect((await ended(QueryExecutionId)).ResultConfiguration?.OutputLocation).toMatch(
      /^s3:\/\/cordon-results\//,
    );
  });

  it('must exist', async () => {
    const asked = athena().send(
      new StartQueryExecutionCommand({ QueryString: 'SELECT 1', WorkGroup: 'nobody' }),
    );
    expect(await outcome(asked)).toBe('InvalidRequestException');
  });

  it.each([
    ['failed', 'FAILED'],
    ['cancelled', 'CANCELLED'],
  ])(
    'a simulated failure, %s, ends queries with a reason; later queries succeed',
    async (failure, state) => {
      const ResourceARN = 'arn:aws:athena:us-east-1:000000000000:workgroup/cordon';
      await athena().send(
        new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'cordon-simulate', Value: failure }] }),
      );
      const failed = await run(`SELECT eventid ${from} ${where}`);
      await athena().send(new UntagResourceCommand({ ResourceARN, TagKeys: ['cordon-simulate'] }));

      expect(failed).toMatchObject({ state, why: `simulated: ${failure}` });
      expect((await run(`SELECT eventid ${from} ${where}`)).state).toBe('SUCCEEDED');
    },
  );

  it('is what calls about a query are authorized on', async () => {
    const may = allow('athena:*', 'arn:aws:athena:us-east-1:000000000000:workgroup/cordon');
    const [ours, theirs] = [
      await roleKeys(engine, 'asker', [may]),
      await roleKeys(engine, 'stranger', [
        { ...may, Resource: 'arn:aws:athena:us-east-1:000000000000:workgroup/other' },
      ]),
    ];
    const { QueryExecutionId } = await start(
      `SELECT eventid ${from} ${where}`,
      {},
      engine.client(ours),
    );
    await ended(QueryExecutionId);
    const read = (keys: typeof ours) =>
      new AthenaClient(engine.client(keys)).send(new GetQueryResultsCommand({ QueryExecutionId }));

    expect(await outcome(read(ours))).toBe('ok');
    expect(await outcome(read(theirs))).toBe('AccessDeniedException');
    expect(await outcome(start('SELECT 1', {}, engine.client(theirs)))).toBe(
      'AccessDeniedException',
    );
  });
});
