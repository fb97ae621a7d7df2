// Each wall is needed: what the intruder tries in vain works as soon as a deployer takes the policy
// of the resource away. The roles of functions are in borrowed-roles.test.ts.
import { DeleteItemCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { DeleteAliasCommand } from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { ListTopicsCommand } from '@aws-sdk/client-sns';
import {
  DeleteMessageCommand,
  ListQueuesCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { beforeAll, expect, it } from 'vitest';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import { until } from '../../../operator/wait.ts';
import { standardFunctions } from '../../../responders/functions.ts';
import { borrowed, type Deployed, outputOf } from '../../support/engine/deployed.ts';
import { caller } from '../../support/engine/keys.ts';
import { type Clients, clientsOf } from './clients.ts';
import { changes, invocations } from './functions.ts';
import {
  type Attempt,
  allowed,
  denied,
  type Intruder,
  intruder,
  type Judgement,
} from './intruder.ts';
import { takeRole, withProofKey } from './proofs.ts';
import { item, withBucket, withTable } from './records.ts';
import { resourcePolicyOf } from './resource-policies.ts';
import { withQueue, withSigningKey, withTopic } from './voices.ts';
import { withoutWall } from './walls.ts';

let cordon: Deployed;
let root: Clients;
let stranger: Intruder;
let deployer: Clients;
beforeAll(async () => {
  cordon = await borrowed();
  root = clientsOf(cordon);
  stranger = await intruder(cordon, 'intruder-walls');
  // By its name the role that `cdk bootstrap` makes, which the configuration lets deploy.
  deployer = clientsOf(
    cordon,
    await caller(cordon, `cdk-walls-cfn-exec-role-${ACCOUNT}-${REGION}`, {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    }),
  );
});

/** One of a table of attempts, by how its words begin. */
const named = (attempts: readonly Attempt[], words: string): Attempt => {
  const attempt = attempts.find((candidate) => candidate.words.startsWith(words));
  if (!attempt) throw new Error(`no attempt begins with: ${words}`);
  return attempt;
};

/** A name that CloudFormation made up, by a part of it. */
const nameWith = (part: RegExp, names: readonly (string | undefined)[] = []): string => {
  const fitting = names.filter((name) => part.test(name ?? ''));
  if (fitting.length !== 1) throw new Error(`${fitting.length} resources are called like ${part}`);
  return fitting[0] ?? '';
};

interface Breach {
  readonly words: string;
  readonly attempt: () => Promise<Attempt>;
  /** Takes back what the attempt has changed, where it can be taken back. */
  readonly undo?: () => Promise<unknown>;
}

/** A function that works at something else is called again: nobody but IAM denies. */
const judgedInTurn = (attempt: Attempt): Promise<Judgement> =>
  until(
    async () => {
      const judgement = await stranger.judged(attempt);
      return judgement.engine.startsWith('TooManyRequests') ? undefined : judgement;
    },
    { within: 60_000, timeoutMessage: `no turn to ${attempt.words}` },
  );

const ofFunction = (name: string): readonly Breach[] => [
  {
    words: `${name}: a call`,
    attempt: async () => named(invocations(name, { incidentId: 'INC-20261130-000000' }), 'invoke '),
  },
  {
    words: `${name}: a change`,
    attempt: async () => named(changes(name), 'make an alias of'),
    undo: () => root.lambda.send(new DeleteAliasCommand({ FunctionName: name, Name: 'x' })),
  },
];

const ofTable: Breach = {
  words: 'the case table',
  attempt: async () => {
    const TableName = outputOf(cordon, 'CaseTableName');
    const { Table } = await root.dynamodb.send(new DescribeTableCommand({ TableName }));
    return named(withTable(TableName, Table?.TableArn ?? ''), 'write an incident');
  },
  undo: () =>
    root.dynamodb.send(
      new DeleteItemCommand({ TableName: outputOf(cordon, 'CaseTableName'), Key: item }),
    ),
};

const bucketWith = async (part: RegExp): Promise<string> => {
  const { Buckets = [] } = await root.s3.send(new ListBucketsCommand({}));
  const names = Buckets.map(({ Name }) => Name);
  return nameWith(part, names);
};

const writing = (bucket: string, key: string): Attempt => named(withBucket(bucket, key), 'write');

const ofBuckets: readonly Breach[] = [
  // What is written there is locked, for the root key as well.
  ...['EvidenceBucketName', 'DrillEvidenceBucketName'].map((output) => ({
    words: `the bucket ${output}`,
    attempt: async () => writing(outputOf(cordon, output), 'incidents/walls/manifest.json'),
  })),
  ...[/-trailown/, /-trailquery/].map((part) => ({
    words: `the bucket ${part}`,
    attempt: async () => writing(await bucketWith(part), 'walls/x'),
    undo: async () =>
      root.s3.send(new DeleteObjectCommand({ Bucket: await bucketWith(part), Key: 'walls/x' })),
  })),
];

const topicArns = async () => {
  const { Topics } = await root.sns.send(new ListTopicsCommand({}));
  return Topics?.map(({ TopicArn }) => TopicArn);
};

const ofTopics: readonly Breach[] = [
  {
    words: 'the topic of the security team',
    attempt: async () => named(withTopic(outputOf(cordon, 'TopicArn')), 'send a mail'),
  },
  {
    words: 'the topic of those who are asked when nobody answers',
    attempt: async () =>
      named(withTopic(nameWith(/AlertsEscalation/, await topicArns())), 'send a mail'),
  },
];

const withQueueAt = (url: string): readonly Attempt[] =>
  withQueue(url, `arn:aws:sqs:${REGION}:${ACCOUNT}:${url.split('/').at(-1)}`);
const deadLetters = (): string => outputOf(cordon, 'RuleDeadLetterUrl');

/** The message of the attempt, which would count as a missed event. */
const removeMessage = async (QueueUrl: string): Promise<unknown> => {
  const isForged = ({ Body }: Message): boolean => Body === '{}';
  const { ReceiptHandle } = await until(
    async () => {
      const { Messages = [] } = await root.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 1 }),
      );
      return Messages.find(isForged);
    },
    { within: 30_000, timeoutMessage: `the message of the intruder is not in ${QueueUrl}` },
  );
  return root.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
};

const ofQueues: readonly Breach[] = [
  {
    words: 'the queue of missed events',
    attempt: async () => named(withQueueAt(deadLetters()), 'put an event'),
    undo: () => removeMessage(deadLetters()),
  },
  {
    words: 'the queue of what changed Cordon',
    attempt: async () => {
      const { QueueUrls } = await root.sqs.send(new ListQueuesCommand({}));
      return named(withQueueAt(nameWith(/TamperQueue(?!GivenUp)/, QueueUrls)), 'drop all');
    },
  },
];

const ofKeys: readonly Breach[] = [
  {
    words: 'the key that signs manifests',
    attempt: async () => named(withSigningKey(outputOf(cordon, 'SigningKeyArn')), 'sign'),
  },
  ...['DrillKeyArn', 'AnswerKeyArn', 'ReleaseKeyArn'].map((output) => ({
    words: `the key ${output}`,
    attempt: async () => named(withProofKey(outputOf(cordon, output)), 'make a MAC'),
  })),
];

const ofRoles: readonly Breach[] = [
  'ApproveRoleArn',
  'ReleaseRoleArn',
  'DrillRoleArn',
  'ReaderRoleArn',
  'AuditorRoleArn',
].map((output) => ({
  words: `the role ${output}`,
  attempt: async () => takeRole(outputOf(cordon, output)),
}));

const breaches: readonly Breach[] = [
  ...standardFunctions.flatMap(({ name }) => ofFunction(name)),
  ofTable,
  ...ofBuckets,
  ...ofTopics,
  ...ofQueues,
  ...ofKeys,
  ...ofRoles,
];

it.each(breaches.map((breach) => [breach.words, breach] as const))(
  '%s: the attempt fails, works without the wall, and fails again behind it',
  async (_words, breach) => {
    const attempt = await breach.attempt();
    const { action, resource } = attempt;
    const wall = await resourcePolicyOf(root, resource);
    expect(wall).toBeDefined();
    const behindIt = await stranger.judged(attempt);

    const without = await withoutWall({ root, deployer }, { action, resource }, () =>
      judgedInTurn(attempt),
    );
    await breach.undo?.();

    const again = await stranger.judged(attempt);
    expect([behindIt, without, again]).toEqual([denied, allowed, denied]);
    expect(await resourcePolicyOf(root, resource)).toEqual(wall);
  },
);
