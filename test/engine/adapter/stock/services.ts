// Differences in services whose work is done by servers and jobs.
import {
  CreateJobCommand,
  GetJobRunCommand,
  GlueClient,
  StartJobRunCommand,
} from '@aws-sdk/client-glue';
import { CreateEventSourceMappingCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateQueueCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  account,
  allow,
  deploy,
  eventually,
  makeFunction,
  makeRole,
  outcome,
  printedAfter,
  runMachine,
} from '../world.ts';
import type { Difference, ObservedEngine } from './difference.ts';

const of = (Type: string, Properties: object = {}) => ({ Type, Properties });

/** Whether a stack has an endpoint that nobody answers here: it is not on this machine. */
const isFalselyAvailable = (
  engine: ObservedEngine,
  stack: string,
  resource: object,
  endpoint: string,
): Promise<boolean> =>
  deploy(
    engine,
    stack,
    { Server: resource },
    { Host: { Value: { 'Fn::GetAtt': ['Server', endpoint] } } },
  ).then(
    ({ Host }) => Host !== '127.0.0.1',
    () => false,
  );

const realDatabases: Difference = {
  correction: 'real_databases',
  still: 'reports a database as available that nobody has started',
  observe: (engine) =>
    isFalselyAvailable(
      engine,
      'real-databases',
      of('AWS::RDS::DBInstance', {
        Engine: 'postgres',
        DBInstanceClass: 'db.t4g.micro',
        AllocatedStorage: '20',
        MasterUsername: 'owner',
        MasterUserPassword: 'not-asked-for',
      }),
      'Endpoint.Address',
    ),
  stock: true,
  aws: false,
};

const realCaches: Difference = {
  correction: 'real_caches',
  still: 'reports a cache as available that nobody has started',
  observe: (engine) =>
    isFalselyAvailable(
      engine,
      'real-caches',
      of('AWS::ElastiCache::CacheCluster', {
        ClusterName: 'real-caches',
        Engine: 'redis',
        CacheNodeType: 'cache.t4g.micro',
        NumCacheNodes: 1,
      }),
      'RedisEndpoint.Address',
    ),
  stock: true,
  aws: false,
};

const loudDataApi: Difference = {
  correction: 'loud_data_api',
  still: 'answers a statement that no database has run',
  observe: async (engine) => {
    const name = 'loud-data-api';
    const cluster = of('AWS::RDS::DBCluster', {
      DBClusterIdentifier: name,
      Engine: 'aurora-postgresql',
      EngineMode: 'serverless',
      MasterUsername: 'owner',
      MasterUserPassword: 'not-asked-for',
      EnableHttpEndpoint: true,
    });
    const secret = of('AWS::SecretsManager::Secret', {
      Name: name,
      SecretString: '{"username":"owner","password":"not-asked-for"}',
    });
    await deploy(engine, `${name}-secret`, { Secret: secret });
    await outcome(deploy(engine, name, { Cluster: cluster }));
    const { status, error } = await runMachine(engine, name, {
      StartAt: 'Ask',
      States: {
        Ask: {
          Type: 'Task',
          Resource: 'arn:aws:states:::aws-sdk:rdsdata:executeStatement',
          Parameters: {
            ResourceArn: `arn:aws:rds:us-east-1:${account}:cluster:${name}`,
            SecretArn: name,
            Sql: 'CREATE DATABASE nothing',
          },
          End: true,
        },
      },
    });
    return { status, isNamed: error !== undefined };
  },
  stock: { status: 'SUCCEEDED', isNamed: false },
  aws: { status: 'FAILED', isNamed: true },
};

const loudJobs: Difference = {
  correction: 'loud_jobs',
  still: 'lets a Spark job succeed that it has not run',
  observe: async (engine) => {
    const [Name, glue] = ['loud-jobs', new GlueClient(engine.client())];
    await glue.send(
      new CreateJobCommand({
        Name,
        Role: await makeRole(engine, Name, [], { service: 'glue.amazonaws.com' }),
        Command: { Name: 'glueetl', ScriptLocation: 's3://none/none.py' },
      }),
    );
    const { JobRunId } = await glue.send(new StartJobRunCommand({ JobName: Name }));
    return eventually(
      async () => {
        const ask = new GetJobRunCommand({ JobName: Name, RunId: JobRunId });
        return (await glue.send(ask)).JobRun?.JobRunState ?? '';
      },
      (state) => !['STARTING', 'RUNNING'].includes(state),
    );
  },
  stock: 'SUCCEEDED',
  aws: 'FAILED',
};

const networkTypes: Difference = {
  correction: 'network_types',
  still: 'refuses types of a network that templates need',
  observe: (engine) =>
    outcome(
      deploy(
        engine,
        'network-types',
        {
          Vpc: of('AWS::EC2::VPC', { CidrBlock: '10.7.0.0/16' }),
          Subnet: of('AWS::EC2::Subnet', { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.7.0.0/24' }),
          Group: of('AWS::EC2::SecurityGroup', { VpcId: { Ref: 'Vpc' }, GroupDescription: 'g' }),
          Rule: of('AWS::EC2::SecurityGroupIngress', {
            GroupId: { Ref: 'Group' },
            IpProtocol: 'tcp',
            FromPort: 5432,
            ToPort: 5432,
            SourceSecurityGroupId: { Ref: 'Group' },
          }),
          Address: of('AWS::EC2::EIP', { Domain: 'vpc' }),
          Gateway: of('AWS::EC2::NatGateway', {
            SubnetId: { Ref: 'Subnet' },
            AllocationId: { 'Fn::GetAtt': ['Address', 'AllocationId'] },
          }),
          Logs: of('AWS::EC2::FlowLog', {
            ResourceId: { Ref: 'Vpc' },
            ResourceType: 'VPC',
            TrafficType: 'ALL',
            LogGroupName: 'network-types',
          }),
        },
        { Gateway: { Value: { 'Fn::GetAtt': ['Gateway', 'NatGatewayId'] } } },
      ),
    ),
  stock: 'ValidationError',
  aws: 'ok',
};

const queueBatches: Difference = {
  correction: 'queue_batches',
  still: 'hands over ten messages at most, and takes every size of a batch',
  observe: async (engine) => {
    const [name, sqs, messages] = ['queue-batches', new SQSClient(engine.client()), 25];
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({ QueueName: name, Attributes: { VisibilityTimeout: '300' } }),
    );
    const ids = Array.from({ length: messages }, (_, index) => String(index));
    for (let start = 0; start < messages; start += 10)
      await sqs.send(
        new SendMessageBatchCommand({
          QueueUrl,
          Entries: ids.slice(start, start + 10).map((Id) => ({ Id, MessageBody: Id })),
        }),
      );
    const code = "export const handler = async (e) => console.log('batch', e.Records.length);";
    const rights = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
    const grants = [...rights, 'logs:*'].map((action) => allow(action));
    await makeFunction(engine, name, code, await makeRole(engine, name, grants));
    const lambda = new LambdaClient(engine.client());
    const map = (MaximumBatchingWindowInSeconds: number) =>
      outcome(
        lambda.send(
          new CreateEventSourceMappingCommand({
            FunctionName: name,
            EventSourceArn: `arn:aws:sqs:us-east-1:${account}:${name}`,
            BatchSize: 100,
            MaximumBatchingWindowInSeconds,
            Enabled: MaximumBatchingWindowInSeconds > 0,
          }),
        ),
      );
    const withoutWindow = await map(0);
    await map(1);
    const batches = await eventually(
      () => printedAfter(engine, name, 'batch'),
      (sizes) => sizes.reduce((sum, size) => sum + Number(size), 0) >= messages,
    );
    return { withoutWindow, largest: Math.max(...batches.map(Number)) };
  },
  stock: { withoutWindow: 'ok', largest: 10 },
  aws: { withoutWindow: 'InvalidParameterValueException', largest: 25 },
};

export const services: readonly Difference[] = [
  realDatabases,
  realCaches,
  loudDataApi,
  loudJobs,
  networkTypes,
  queueBatches,
];
