import {
  CloudTrailClient,
  CreateTrailCommand,
  StartLoggingCommand,
  StopLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateUserCommand, IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Engine, startEngine } from './engine.ts';
import { account, allow, outcome, policy, roleKeys } from './world.ts';

const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:${account}:${rest}`;
const queue = 'heard';

let engine: Engine;
let iam: IAMClient;

/** What the queue holds, and nothing afterwards. */
const heard = async () => {
  const sqs = new SQSClient({ ...engine.client(), useQueueUrlAsEndpoint: false });
  const QueueUrl = `${engine.endpoint}/${account}/${queue}`;
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body = '{}' }) => JSON.parse(Body));
};

const logTo = async (Name: string) => {
  const trail = new CloudTrailClient(engine.client());
  await new S3Client(engine.client()).send(new CreateBucketCommand({ Bucket: Name }));
  await trail.send(new CreateTrailCommand({ Name, S3BucketName: Name }));
  await trail.send(new StartLoggingCommand({ Name }));
};

beforeAll(async () => {
  engine = await startEngine();
  iam = new IAMClient(engine.client());
  const sends = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: '*',
  };
  await new SQSClient(engine.client()).send(
    new CreateQueueCommand({ QueueName: queue, Attributes: { Policy: policy(sends) } }),
  );
  const events = new EventBridgeClient(engine.client());
  const EventPattern = JSON.stringify({
    source: ['aws.iam', 'aws.s3', 'aws.cloudtrail'],
    'detail-type': ['AWS API Call via CloudTrail'],
    detail: {
      eventName: ['CreateUser', 'ListUsers', 'CreateBucket', 'PutObject', 'StopLogging'],
    },
  });
  await events.send(new PutRuleCommand({ Name: queue, EventPattern }));
  await events.send(
    new PutTargetsCommand({ Rule: queue, Targets: [{ Id: 't', Arn: arn('sqs', queue) }] }),
  );
});
afterAll(() => engine.stop());

test('no rule hears a call that no trail records', async () => {
  await iam.send(new CreateUserCommand({ UserName: 'unheard' }));
  expect(await heard()).toEqual([]);
});

test('a rule hears changes, denied ones too, and neither reads nor data events', async () => {
  await logTo('trailed');
  await heard(); // the bucket of the trail
  const keys = await roleKeys(engine, 'tampering', [allow('iam:ListUsers')]);
  const denied = new IAMClient(engine.client(keys));

  await iam.send(new CreateUserCommand({ UserName: 'heard' }));
  await outcome(denied.send(new CreateUserCommand({ UserName: 'denied' })));
  await denied.send(new ListUsersCommand({}));
  await new S3Client(engine.client()).send(
    new PutObjectCommand({ Bucket: 'trailed', Key: 'data', Body: 'data' }),
  );

  const events = await heard();
  expect(events.map(({ source, region, detail }) => [source, region, detail.errorCode])).toEqual([
    ['aws.iam', 'us-east-1', undefined],
    ['aws.iam', 'us-east-1', 'AccessDenied'],
  ]);
  expect(events[1].detail).toMatchObject({
    eventName: 'CreateUser',
    requestParameters: { userName: 'denied' },
    userIdentity: { sessionContext: { sessionIssuer: { userName: 'tampering' } } },
  });
});

test('a global call is heard in us-east-1, wherever it was sent', async () => {
  const elsewhere = new IAMClient({ ...engine.client(), region: 'eu-west-1' });
  await elsewhere.send(new CreateUserCommand({ UserName: 'from-elsewhere' }));
  expect((await heard()).map(({ region }) => region)).toEqual(['us-east-1']);
});

test('the call that stops the last trail is heard, and none after it', async () => {
  await new CloudTrailClient(engine.client()).send(new StopLoggingCommand({ Name: 'trailed' }));
  await iam.send(new CreateUserCommand({ UserName: 'unheard-again' }));
  expect((await heard()).map(({ detail }) => detail.eventName)).toEqual(['StopLogging']);
});
