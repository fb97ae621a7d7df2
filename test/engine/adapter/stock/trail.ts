// Differences in what CloudTrail records and what Athena reads of it.
import { gzipSync } from 'node:zlib';
import {
  AthenaClient,
  CreateWorkGroupCommand,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import {
  CloudTrailClient,
  CreateTrailCommand,
  type Event,
  LookupEventsCommand,
  StartLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateUserCommand, IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clientConfig } from '../../../../local/engine/clients.ts';
import { makeTable } from '../../../../tools/bench/trail-table.ts';
import { account, allow, eventually, outcome, policy, roleKeys } from '../world.ts';
import { type Difference, lastAnswer, type ObservedEngine } from './difference.ts';

const cloudTrailRecords: Difference = {
  correction: 'cloudtrail_records',
  still: 'records neither a denied call nor the name of a call',
  observe: async (engine) => {
    const keys = await roleKeys(engine, 'recorded-caller', []);
    await outcome(new IAMClient(engine.client(keys)).send(new ListRolesCommand({})));
    await new IAMClient(engine.client()).send(new CreateUserCommand({ UserName: 'recorded-user' }));
    const { Events = [] } = await new CloudTrailClient(engine.client()).send(
      new LookupEventsCommand({}),
    );
    // The stock engine takes the id of an access key for the name of its user.
    const isDenied = ({ Username, EventName }: Event) =>
      Username === keys.accessKeyId || EventName === 'ListRoles';
    return {
      isDenialRecorded: Events.some(isDenied),
      isCallNamed: Events.some(({ EventName }) => EventName === 'CreateUser'),
    };
  },
  stock: { isDenialRecorded: false, isCallNamed: false },
  aws: { isDenialRecorded: true, isCallNamed: true },
};

const cloudTrailDelivery: Difference = {
  correction: 'cloudtrail_delivery',
  still: 'writes no file of a trail that is logging',
  observe: async (engine) => {
    const [s3, trail] = [
      new S3Client(clientConfig(engine)),
      new CloudTrailClient(clientConfig(engine)),
    ];
    const Bucket = 'delivered';
    await s3.send(new CreateBucketCommand({ Bucket }));
    await trail.send(new CreateTrailCommand({ Name: Bucket, S3BucketName: Bucket }));
    await trail.send(new StartLoggingCommand({ Name: Bucket }));
    await new IAMClient(engine.client()).send(
      new CreateUserCommand({ UserName: 'delivered-user' }),
    );
    const keys = await lastAnswer(
      engine,
      async () =>
        ((await s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(
          ({ Key }) => Key ?? '',
        ),
      ({ length }) => length > 0,
    );
    return keys.some((key) => key.startsWith(`AWSLogs/${account}/CloudTrail/us-east-1/`));
  },
  stock: false,
  aws: true,
};

const cloudTrailEvents: Difference = {
  correction: 'cloudtrail_events',
  still: 'tells no rule of a call that CloudTrail records',
  observe: async (engine) => {
    const [Name, trail] = ['overheard', new CloudTrailClient(clientConfig(engine))];
    await new S3Client(clientConfig(engine)).send(new CreateBucketCommand({ Bucket: Name }));
    await trail.send(new CreateTrailCommand({ Name, S3BucketName: Name }));
    await trail.send(new StartLoggingCommand({ Name }));
    const sqs = new SQSClient({ ...clientConfig(engine), useQueueUrlAsEndpoint: false });
    const sends = { ...allow('sqs:SendMessage'), Principal: { Service: 'events.amazonaws.com' } };
    await sqs.send(
      new CreateQueueCommand({ QueueName: Name, Attributes: { Policy: policy(sends) } }),
    );
    const events = new EventBridgeClient(clientConfig(engine));
    const detail = { requestParameters: { userName: [`${Name}-user`] } };
    const EventPattern = JSON.stringify({ source: ['aws.iam'], detail });
    await events.send(new PutRuleCommand({ Name, EventPattern }));
    const Arn = `arn:aws:sqs:us-east-1:${account}:${Name}`;
    await events.send(new PutTargetsCommand({ Rule: Name, Targets: [{ Id: 't', Arn }] }));
    await new IAMClient(engine.client()).send(new CreateUserCommand({ UserName: `${Name}-user` }));
    const QueueUrl = `${engine.endpoint}/${account}/${Name}`;
    return lastAnswer(
      engine,
      async () => (await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages?.length ?? 0,
      (count) => count > 0,
    );
  },
  stock: 0,
  aws: 1,
};

const athenaOf = (engine: ObservedEngine, keys?: Awaited<ReturnType<typeof roleKeys>>) =>
  new AthenaClient(clientConfig(engine, keys));

/** Start a query whose results go into the bucket `queried`. */
const start = (athena: AthenaClient, QueryString: string, WorkGroup: string) => {
  const ResultConfiguration = { OutputLocation: 's3://queried/results/' };
  return athena.send(
    new StartQueryExecutionCommand({ QueryString, WorkGroup, ResultConfiguration }),
  );
};

const stateOf = async (athena: AthenaClient, QueryExecutionId: string | undefined) => {
  const state = async () => {
    const { QueryExecution } = await athena.send(
      new GetQueryExecutionCommand({ QueryExecutionId }),
    );
    return QueryExecution?.Status?.State ?? '';
  };
  return eventually(state, (name) => !['QUEUED', 'RUNNING'].includes(name));
};

const athenaQueries: Difference = {
  correction: 'athena_queries',
  still: 'cannot read a CloudTrail table, and runs a query in a workgroup that does not exist',
  observe: async (engine) => {
    const [Bucket, athena] = ['queried', athenaOf(engine)];
    const s3 = new S3Client(clientConfig(engine));
    await s3.send(new CreateBucketCommand({ Bucket }));
    const Key = 'AWSLogs/111122223333/CloudTrail/eu-west-1/2025/11/20/a.json.gz';
    const Body = gzipSync(JSON.stringify({ Records: [{ eventID: 'e1', eventName: 'GetObject' }] }));
    await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
    const over = {
      location: `s3://${Bucket}/AWSLogs`,
      accounts: ['111122223333'],
      regions: ['eu-west-1'],
    };
    await makeTable(engine, { ...over, database: 'queried' });
    const sql = `SELECT eventid FROM "queried"."cloudtrail" WHERE day = '2025/11/20'`;
    const state = async (query: string) =>
      stateOf(athena, (await start(athena, query, 'queried')).QueryExecutionId);
    return {
      noTable: await state('SELECT 1'),
      table: await state(sql),
      noWorkgroup: await outcome(start(athena, 'SELECT 1', 'no-such-workgroup')),
    };
  },
  stock: { noTable: 'SUCCEEDED', table: 'FAILED', noWorkgroup: 'ok' },
  aws: { noTable: 'SUCCEEDED', table: 'SUCCEEDED', noWorkgroup: 'InvalidRequestException' },
};

const athenaAuthorization: Difference = {
  correction: 'athena_authorization',
  still: 'denies a role the results of a query in the workgroup that it may use',
  observe: async (engine) => {
    const [Name, Bucket] = ['authorized', 'authorized-results'];
    await new S3Client(clientConfig(engine)).send(new CreateBucketCommand({ Bucket }));
    const Configuration = { ResultConfiguration: { OutputLocation: `s3://${Bucket}/` } };
    await athenaOf(engine).send(new CreateWorkGroupCommand({ Name, Configuration }));
    const workgroup = `arn:aws:athena:us-east-1:${account}:workgroup/${Name}`;
    const athena = athenaOf(
      engine,
      await roleKeys(engine, 'workgroup-caller', [allow('athena:*', workgroup)]),
    );
    const { QueryExecutionId } = await athena.send(
      new StartQueryExecutionCommand({ QueryString: 'SELECT 1', WorkGroup: Name }),
    );
    await stateOf(athenaOf(engine), QueryExecutionId);
    return outcome(athena.send(new GetQueryResultsCommand({ QueryExecutionId })));
  },
  stock: 'AccessDeniedException',
  aws: 'ok',
};

export const trail: readonly Difference[] = [
  cloudTrailRecords,
  cloudTrailDelivery,
  cloudTrailEvents,
  athenaQueries,
  athenaAuthorization,
];
