// A stack of tests only that needs every kind of server, used by real clients.
import { once } from 'node:events';
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CloudFormationClient, DescribeStackEventsCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { GetJobRunCommand, GlueClient, StartJobRunCommand } from '@aws-sdk/client-glue';
import { LambdaClient, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ImagePrograms } from '../../../local/engine/images.ts';
import { ensurePostgresql } from '../../../local/engine/services/postgresql.ts';
import { writeServices } from '../../../local/engine/services/provide.ts';
import { ensureRedis } from '../../../local/engine/services/redis.ts';
import { type Engine, startEngine } from '../adapter/engine.ts';
import {
  allow,
  deploy,
  eventually,
  makeRole,
  printedAfter,
  runMachine,
  taskParameters,
} from '../adapter/world.ts';
import { builtImage } from './built-image.ts';
import { connected } from './pg.ts';
import { attribute, program, secret, smallTemplate } from './small-stack.ts';

const root = join(import.meta.dirname, '../../..');

/** Where the engine of the test finds `node` first. */
const nodeOfRun = realpathSync(join(root, 'node_modules/.bin/node'));

let engine: Engine;
let built: ImagePrograms;
let outputs: Record<string, string>;

/** How long CloudFormation took to create each server. */
const startCosts = async (): Promise<string> => {
  const { StackEvents = [] } = await new CloudFormationClient(engine.client()).send(
    new DescribeStackEventsCommand({ StackName: 'small' }),
  );
  const moment = (resource: string, status: string): number =>
    StackEvents.find(
      ({ LogicalResourceId, ResourceStatus }) =>
        LogicalResourceId === resource && ResourceStatus === status,
    )?.Timestamp?.getTime() ?? Number.NaN;
  return ['Database', 'Audit', 'Cache']
    .map((name) => [name, moment(name, 'CREATE_COMPLETE') - moment(name, 'CREATE_IN_PROGRESS')])
    .map(([name, ms]) => `${name} ${ms} ms`)
    .join(', ');
};

beforeAll(async () => {
  engine = await startEngine();
  const folder = join(engine.runDir, 'report');
  mkdirSync(folder);
  writeFileSync(join(folder, 'main.mjs'), program);
  built = builtImage(engine.runDir);
  writeServices(engine.runDir, {
    postgresql: await ensurePostgresql({ root, env: process.env }),
    redis: await ensureRedis({ root, env: process.env }),
    images: {
      ...built,
      'cordon/report:1': { command: ['node', join(folder, 'main.mjs')], folders: [folder] },
    },
  });
  const role = await makeRole(engine, 'report', [allow('s3:ListAllMyBuckets')], {
    service: 'ecs-tasks.amazonaws.com',
  });
  const rights = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'logs:*'];
  const reader = await makeRole(
    engine,
    'batches',
    rights.map((right) => allow(right)),
  );
  const began = performance.now();
  outputs = await deploy(
    engine,
    'small',
    smallTemplate({ role, reader, image: Object.keys(built)[0] ?? '' }),
    {
      Host: attribute('Database', 'Endpoint.Address'),
      Port: attribute('Database', 'Endpoint.Port'),
      AuditPort: attribute('Audit', 'Endpoint.Port'),
      AuditArn: attribute('Audit', 'DBClusterArn'),
      Secret: { Value: { Ref: 'Secret' } },
      CacheHost: attribute('Cache', 'PrimaryEndPoint.Address'),
      CachePort: attribute('Cache', 'PrimaryEndPoint.Port'),
      Report: { Value: { Ref: 'Report' } },
      Queue: { Value: { Ref: 'Queue' } },
      Mapping: { Value: { Ref: 'Mapping' } },
      Built: { Value: { Ref: 'Built' } },
      Graph: attribute('Graph', 'ApiId'),
      GraphKey: attribute('Key', 'ApiKey'),
    },
  );
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  console.log(`the small stack is up after ${seconds} s; ${await startCosts()}`);
});
afterAll(() => engine?.stop());

test('both databases answer, each with its own password', async () => {
  const at = { host: outputs.Host ?? '', password: secret };
  const names = await Promise.all([
    connected({ ...at, port: Number(outputs.Port), user: 'owner', database: 'orders' }, (client) =>
      client.query('SELECT current_user AS name'),
    ),
    connected(
      { ...at, port: Number(outputs.AuditPort), user: 'audit', database: 'audit' },
      (client) => client.query('SELECT current_user AS name'),
    ),
  ]);
  expect(names.map(({ rows }) => rows[0]?.name)).toEqual(['owner', 'audit']);
});

test('the Data API runs statements in the cluster', async () => {
  const statement = (sql: string, parameters: readonly object[] = []) => ({
    Type: 'Task',
    Resource: 'arn:aws:states:::aws-sdk:rdsdata:executeStatement',
    Parameters: {
      ResourceArn: outputs.AuditArn,
      SecretArn: outputs.Secret,
      Database: 'audit',
      Sql: sql,
      Parameters: parameters,
    },
  });
  const number = [{ Name: 'id', Value: { LongValue: 7 } }];
  const { status, output, cause } = await runMachine(engine, 'data-api', {
    StartAt: 'Make',
    States: {
      Make: { ...statement('CREATE TABLE seen (id int)'), Next: 'Write' },
      Write: { ...statement('INSERT INTO seen VALUES (:id)', number), Next: 'Read' },
      Read: { ...statement('SELECT id FROM seen'), End: true },
    },
  });
  expect({ status, cause }).toEqual({ status: 'SUCCEEDED', cause: undefined });
  expect(output).toContain('7');
});

test('the GraphQL API answers', async () => {
  const answer = await fetch(`${engine.endpoint}/v1/apis/${outputs.Graph}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': outputs.GraphKey ?? '' },
    body: JSON.stringify({ query: '{ hello }' }),
  });
  expect(await answer.json()).toEqual({ data: { hello: 'from graphql' } });
});

test('the cache answers', async () => {
  const socket = connect(Number(outputs.CachePort), outputs.CacheHost);
  socket.write('SET a 1\r\nGET a\r\n');
  let said = '';
  socket.on('data', (chunk: Buffer) => {
    said += chunk;
    if (said.includes('$1\r\n1\r\n')) socket.end();
  });
  await once(socket, 'close');
  expect(said).toBe('+OK\r\n$1\r\n1\r\n');
});

test('the cache has no commands that reach the files of the machine or end it', async () => {
  const socket = connect(Number(outputs.CachePort), outputs.CacheHost);
  const commands = ['CONFIG SET dir /tmp', 'MODULE LIST', 'DEBUG SLEEP 0', 'SHUTDOWN'];
  const others = ['REPLICAOF NO ONE', 'SLAVEOF NO ONE', 'QUIT'];
  socket.write([...commands, ...others, ''].join('\r\n'));
  let said = '';
  socket.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  await once(socket, 'close');
  expect(said.trim().split('\r\n')).toEqual([
    ...[...commands, ...others.slice(0, -1)].map((command) =>
      expect.stringMatching(new RegExp(`^-ERR unknown command .${command.split(' ')[0]}`)),
    ),
    '+OK',
  ]);
});

const reporting = (definition = outputs.Report, overrides: object = {}) => ({
  StartAt: 'Run',
  States: {
    Run: {
      Type: 'Task',
      Resource: 'arn:aws:states:::ecs:runTask.sync',
      Parameters: {
        ...taskParameters('reports', definition),
        Overrides: { ContainerOverrides: [{ Name: 'report', ...overrides }] },
      },
      End: true,
    },
  },
});

/** What the containers of a log group have printed so far. */
const printed = async (logGroupName = '/ecs/report'): Promise<readonly string[]> => {
  const client = new CloudWatchLogsClient(engine.client());
  const lines: string[] = [];
  const pages = paginateFilterLogEvents({ client }, { logGroupName });
  for await (const { events = [] } of pages)
    lines.push(...events.map(({ message = '' }) => message));
  return lines;
};

test('a task runs as its role, and its lines are in its log group', async () => {
  const { status, output = '{}' } = await runMachine(engine, 'report', reporting());
  expect(status).toBe('SUCCEEDED');
  expect(JSON.parse(output)).toMatchObject({ Containers: [{ Name: 'report', ExitCode: 0 }] });
  const { CreatedAt, StartedAt } = JSON.parse(output);
  const ms = Date.parse(StartedAt) - Date.parse(CreatedAt);
  console.log(`a task is RUNNING ${ms} ms after its call`);
  const lines = await eventually(
    () => printed(),
    ({ length }) => length >= 4,
  );
  expect(lines).toEqual([
    'arguments --day 2026-11-28',
    expect.stringMatching(/^as arn:aws:sts::000000000000:assumed-role\/report\//),
    'buckets ok',
    expect.stringMatching(/^users AccessDenied/),
  ]);
});

test('the addresses of tasks are paths of the engine, and not of an API or a distribution', async () => {
  const asked = async (host: string) => {
    const sent = request(`${engine.endpoint}/v4/12345678/task`, { headers: { host } }).end();
    const [answer]: IncomingMessage[] = await once(sent, 'response');
    return answer ? await text(answer) : '';
  };
  const own = await asked(`127.0.0.1:${engine.port}`);
  const others = [`0a1b2c3d.execute-api.127.0.0.1:${engine.port}`, 'd1234567890abc.cloudfront.net'];
  for (const host of others) expect([host, await asked(host)]).not.toEqual([host, own]);
});

test('an image that CDK builds from a folder runs as a process', async () => {
  const task = reporting(outputs.Built);
  const { status, output = '{}' } = await runMachine(engine, 'built', task);
  expect(status).toBe('SUCCEEDED');
  expect(JSON.parse(output)).toMatchObject({ Containers: [{ ExitCode: 0 }] });
  const lines = await eventually(
    () => printed('/ecs/built'),
    ({ length }) => length >= 1,
  );
  expect(lines).toEqual([`built in mode report of today by ${nodeOfRun}`]);
});

test('the variables and words of a container go before those of its built image', async () => {
  const [folder = ''] = Object.values(built)[0]?.folders ?? [];
  const own = { Command: ['/app/Dockerfile'], Environment: [{ Name: 'MODE', Value: 'audit' }] };
  const { status } = await runMachine(engine, 'built-audit', reporting(outputs.Built, own));
  expect(status).toBe('SUCCEEDED');
  const line = `built in mode audit of ${join(folder, 'Dockerfile')} by ${nodeOfRun}`;
  const lines = await eventually(
    () => printed('/ecs/built'),
    (said) => said.some((words) => words.includes('audit')),
  );
  expect(lines).toContain(line);
});

test('a function gets a hundred messages of a queue at once', async () => {
  const sqs = new SQSClient({ ...engine.client(), useQueueUrlAsEndpoint: false });
  const ids = Array.from({ length: 100 }, (_, index) => String(index));
  for (let start = 0; start < ids.length; start += 10)
    await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: outputs.Queue,
        Entries: ids.slice(start, start + 10).map((Id) => ({ Id, MessageBody: Id })),
      }),
    );
  await new LambdaClient(engine.client()).send(
    new UpdateEventSourceMappingCommand({ UUID: outputs.Mapping, Enabled: true }),
  );
  const batches = await eventually(
    () => printedAfter(engine, 'batches', 'batch'),
    ({ length }) => length > 0,
  );
  expect(batches).toEqual(['100']);
});

test('a job of Glue fails, because nothing runs it, and says so', async () => {
  const glue = new GlueClient(engine.client());
  const { JobRunId: RunId } = await glue.send(new StartJobRunCommand({ JobName: 'nightly' }));
  const { JobRun } = await eventually(
    () => glue.send(new GetJobRunCommand({ JobName: 'nightly', RunId })),
    (run) => !['STARTING', 'RUNNING'].includes(run.JobRun?.JobRunState ?? 'STARTING'),
  );
  expect(JobRun).toMatchObject({
    JobRunState: 'FAILED',
    ErrorMessage: expect.stringContaining('local engine'),
  });
});
