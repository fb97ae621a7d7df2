// The template of a stack that needs every kind of server, and what its container runs.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { packagesOf } from '../../../local/engine/project.ts';
import { graphql } from './graphql-hello.ts';

const root = join(import.meta.dirname, '../../..');
export const secret = randomBytes(12).toString('base64url');
const of = (Type: string, Properties: object = {}) => ({ Type, Properties });
export const attribute = (resource: string, name: string) => ({
  Value: { 'Fn::GetAtt': [resource, name] },
});

/** What the container of the test runs: it says who it is and what it may do. */
export const program = `
import { createRequire } from 'node:module';
const load = createRequire(process.env.PACKAGES + '/x.js');
const { STSClient, GetCallerIdentityCommand } = load('@aws-sdk/client-sts');
const { S3Client, ListBucketsCommand } = load('@aws-sdk/client-s3');
const { IAMClient, ListUsersCommand } = load('@aws-sdk/client-iam');
const outcome = (call) => call.then(() => 'ok', (error) => error.name);
console.log('arguments', process.argv.slice(2).join(' '));
console.log('as', (await new STSClient().send(new GetCallerIdentityCommand({}))).Arn);
console.log('buckets', await outcome(new S3Client().send(new ListBucketsCommand({}))));
console.log('users', await outcome(new IAMClient().send(new ListUsersCommand({}))));
`;

const taskDefinition = (family: string, logs: string, role: string, container: object = {}) =>
  of('AWS::ECS::TaskDefinition', {
    Family: family,
    RequiresCompatibilities: ['FARGATE'],
    NetworkMode: 'awsvpc',
    Cpu: '256',
    Memory: '512',
    TaskRoleArn: role,
    ContainerDefinitions: [
      {
        Name: 'report',
        Image: 'cordon/report:1',
        Essential: true,
        Command: ['--day', '2026-11-28'],
        Environment: [{ Name: 'PACKAGES', Value: packagesOf(root) }],
        LogConfiguration: {
          LogDriver: 'awslogs',
          Options: {
            'awslogs-group': { Ref: logs },
            'awslogs-region': 'us-east-1',
            'awslogs-stream-prefix': 'report',
          },
        },
        ...container,
      },
    ],
  });

interface SmallStackParts {
  readonly role: string;
  readonly reader: string;
  readonly image: string;
}

/** One of each: database, cluster, cache, tasks, queue, job and GraphQL API. */
export const smallTemplate = ({ role, reader, image }: SmallStackParts) => ({
  Database: of('AWS::RDS::DBInstance', {
    Engine: 'postgres',
    DBInstanceClass: 'db.t4g.micro',
    AllocatedStorage: '20',
    DBName: 'orders',
    MasterUsername: 'owner',
    MasterUserPassword: secret,
  }),
  Secret: of('AWS::SecretsManager::Secret', {
    SecretString: JSON.stringify({ username: 'audit', password: secret }),
  }),
  Audit: of('AWS::RDS::DBCluster', {
    Engine: 'aurora-postgresql',
    DatabaseName: 'audit',
    MasterUsername: 'audit',
    MasterUserPassword: secret,
    EnableHttpEndpoint: true,
    ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 1 },
  }),
  AuditMember: of('AWS::RDS::DBInstance', {
    Engine: 'aurora-postgresql',
    DBClusterIdentifier: { Ref: 'Audit' },
    DBInstanceClass: 'db.serverless',
  }),
  Cache: of('AWS::ElastiCache::ReplicationGroup', {
    ReplicationGroupDescription: 'orders',
    Engine: 'valkey',
    CacheNodeType: 'cache.t4g.micro',
    NumCacheClusters: 1,
  }),
  Logs: of('AWS::Logs::LogGroup', { LogGroupName: '/ecs/report' }),
  Cluster: of('AWS::ECS::Cluster', { ClusterName: 'reports' }),
  Report: taskDefinition('report', 'Logs', role),
  BuiltLogs: of('AWS::Logs::LogGroup', { LogGroupName: '/ecs/built' }),
  Queue: of('AWS::SQS::Queue', { VisibilityTimeout: 300 }),
  Batches: of('AWS::Lambda::Function', {
    FunctionName: 'batches',
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Timeout: 60,
    Role: reader,
    Code: { ZipFile: "exports.handler = async (e) => console.log('batch', e.Records.length);" },
  }),
  // It begins when the queue has all messages, because a window is not waited for here.
  Mapping: of('AWS::Lambda::EventSourceMapping', {
    EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
    FunctionName: { Ref: 'Batches' },
    BatchSize: 100,
    MaximumBatchingWindowInSeconds: 1,
    Enabled: false,
  }),
  Nightly: of('AWS::Glue::Job', {
    Name: 'nightly',
    Role: role,
    Command: { Name: 'glueetl', ScriptLocation: 's3://scripts/nightly.py' },
  }),
  ...graphql,
  Built: taskDefinition('built', 'BuiltLogs', role, { Image: image, Command: undefined }),
});
