import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { clientConfig, type KeyedEngine } from '../../local/engine/clients.ts';
import { freePort } from '../../local/engine/port.ts';
import type { Env } from '../../local/engine/run-program.ts';
import { ensurePostgresql } from '../../local/engine/services/postgresql.ts';
import { writeServices } from '../../local/engine/services/provide.ts';
import { ensureRedis } from '../../local/engine/services/redis.ts';
import { applyStack } from '../../local/engine/stack.ts';
import { startEngine } from '../../local/engine/start.ts';
import { inWords, type Line, spreadOf } from './statistics.ts';

const image = 'cordon/bench:1';
const of = (Type: string, Properties: object = {}) => ({ Type, Properties });

const database = {
  Database: of('AWS::RDS::DBInstance', {
    Engine: 'postgres',
    DBInstanceClass: 'db.t4g.micro',
    AllocatedStorage: '20',
    MasterUsername: 'owner',
    MasterUserPassword: 'only-for-this-bench',
  }),
};

const cache = {
  Cache: of('AWS::ElastiCache::ReplicationGroup', {
    ReplicationGroupDescription: 'bench',
    Engine: 'valkey',
    CacheNodeType: 'cache.t4g.micro',
    NumCacheClusters: 1,
  }),
};

const definition = {
  StartAt: 'Run',
  States: {
    Run: {
      Type: 'Task',
      Resource: 'arn:aws:states:::ecs:runTask.sync',
      Parameters: {
        Cluster: 'bench',
        LaunchType: 'FARGATE',
        TaskDefinition: 'bench',
        NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-1'] } },
      },
      End: true,
    },
  },
};

const task = {
  Cluster: of('AWS::ECS::Cluster', { ClusterName: 'bench' }),
  Definition: of('AWS::ECS::TaskDefinition', {
    Family: 'bench',
    RequiresCompatibilities: ['FARGATE'],
    NetworkMode: 'awsvpc',
    Cpu: '256',
    Memory: '512',
    ContainerDefinitions: [{ Name: 'bench', Image: image, Essential: true }],
  }),
  Role: of('AWS::IAM::Role', {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'states.amazonaws.com' },
          Action: 'sts:AssumeRole',
        },
      ],
    },
  }),
  Machine: of('AWS::StepFunctions::StateMachine', {
    StateMachineName: 'bench',
    RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
    DefinitionString: JSON.stringify(definition),
  }),
};

const secondsOf = async (work: Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work;
  return (performance.now() - began) / 1_000;
};

const deployed = async (engine: KeyedEngine, name: string, Resources: object): Promise<void> => {
  const client = new CloudFormationClient(clientConfig(engine));
  await applyStack(client, name, { TemplateBody: JSON.stringify({ Resources }) });
};

/** A run has few ports for servers, so those of a round end before the next one. */
const removed = async (engine: KeyedEngine, StackName: string): Promise<void> => {
  const client = new CloudFormationClient(clientConfig(engine));
  await client.send(new DeleteStackCommand({ StackName }));
  const isThere = (): Promise<boolean> =>
    client.send(new DescribeStacksCommand({ StackName })).then(
      ({ Stacks = [] }) => Stacks.some(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE'),
      () => false,
    );
  while (await isThere()) await sleep(50);
};

const taskRun = async (engine: KeyedEngine): Promise<void> => {
  const client = new SFNClient(clientConfig(engine));
  const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:bench';
  const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn }));
  for (;;) {
    const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (status === 'SUCCEEDED') return;
    if (status !== 'RUNNING') throw new Error(`the task of the bench ended as ${status}`);
    await sleep(20);
  }
};

/** How long PostgreSQL, Redis and a task take from the call until they answer or have ended. */
export const serviceLines = async (
  root: string,
  env: Env,
  rounds = 3,
): Promise<readonly Line[]> => {
  const postgresql = await ensurePostgresql({ root, env });
  const redis = await ensureRedis({ root, env });
  const engine = await startEngine({ root, port: await freePort(), env, by: 'bench' });
  try {
    const images = { [image]: { command: ['node', '-e', '0'] } };
    writeServices(engine.runDir, { postgresql, redis, images });
    await deployed(engine, 'task', task);
    const times: { database: number; cache: number; task: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      times.push({
        database: await secondsOf(deployed(engine, 'database', database)),
        cache: await secondsOf(deployed(engine, 'cache', cache)),
        task: await secondsOf(taskRun(engine)),
      });
      await Promise.all(['database', 'cache'].map((name) => removed(engine, name)));
    }
    const lineOf = (what: string, values: readonly number[], most?: number): Line => {
      const spread = spreadOf(values);
      const line = { what, unit: 's', measured: spread.p50, detail: inWords(spread) };
      return most === undefined ? line : { ...line, most };
    };
    const sums = times.map((time) => time.database + time.cache + time.task);
    return [
      lineOf(
        'a database of RDS answers',
        times.map((time) => time.database),
      ),
      lineOf(
        'a cache of ElastiCache answers',
        times.map((time) => time.cache),
      ),
      lineOf(
        'a task of Fargate has run',
        times.map((time) => time.task),
      ),
      lineOf('PostgreSQL, Redis and a task in all', sums, 3),
    ];
  } finally {
    await engine.stop();
  }
};
