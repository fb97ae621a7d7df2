// The application with its audit on an engine, and what a test sees of each stage of an event.
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { clientConfig } from '../../../local/engine/clients.ts';
import { ACCOUNT } from '../../../local/engine/settings.ts';
import { output } from '../../../operator/place.ts';
import { until } from '../../../operator/wait.ts';
import { temp } from '../../support/temp.ts';
import { deployedApp, type OwnApp } from '../app/deployed.ts';

type Item = Readonly<Record<string, unknown>>;

/** A message that was refused or given up. */
export interface GivenUp {
  readonly reason: string;
  readonly body: string;
}

interface Called {
  readonly failed: boolean;
  readonly answer: unknown;
}

export interface AuditWorld {
  readonly app: OwnApp;
  readonly out: (name: string) => string;
  /** Publishes texts to the topic of the application. */
  readonly publish: (texts: readonly string[]) => Promise<void>;
  readonly events: () => Promise<readonly Item[]>;
  readonly ledger: () => Promise<readonly Item[]>;
  /** How many messages are in the queue, seen or not. */
  readonly waiting: () => Promise<number>;
  /** Waits until nothing is in the queue any more. */
  readonly drained: () => Promise<void>;
  /** Takes what was given up; waits for so many, because AuditResend hides what it leaves. */
  readonly takeGivenUp: (atLeast?: number) => Promise<readonly GivenUp[]>;
  /** Has SQS move a message out of a queue that names the queue of what was given up. */
  readonly moveFromElsewhere: (body: string) => Promise<void>;
  /** Calls a function of the audit, as a deployer. */
  readonly call: (name: string) => Promise<Called>;
  readonly seal: () => Promise<Called>;
  /** Copies a seal to a folder. */
  readonly pull: (name: string) => Promise<string>;
  readonly seals: () => Promise<readonly string[]>;
}

const scan = async (client: DynamoDBClient, TableName: string): Promise<readonly Item[]> => {
  const items: Item[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true }))
    items.push(...Items.map((item) => unmarshall(item)));
  return items;
};

const inSeals = async (s3: S3Client, Bucket: string, Prefix: string): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix }))
    keys.push(...Contents.map(({ Key = '' }) => Key));
  return keys;
};

/** Whoever may make a queue can choose where SQS moves what is not taken from it. */
const moveFromElsewhere = async (sqs: SQSClient, to: string, body: string): Promise<void> => {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: to, AttributeNames: ['QueueArn'] }),
  );
  const redrive = { deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: 1 };
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({
      QueueName: 'queue-of-a-stranger',
      Attributes: { RedrivePolicy: JSON.stringify(redrive) },
    }),
  );
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
  const isMoved = async () => {
    const taking = new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0 });
    return (await sqs.send(taking)).Messages?.length ? undefined : true;
  };
  const timeoutMessage = 'SQS does not move the message of a stranger';
  await until(isMoved, { within: 240_000, every: 200, timeoutMessage });
};

/** Two auditors: each sees the events of one system. Their roles are made by the test. */
const readers = (['protected-app', 'cordon'] as const).map((system) => ({
  principal: `arn:aws:iam::${ACCOUNT}:role/auditor-of-${system}`,
  systems: [system],
}));

export const auditWorld = async (): Promise<AuditWorld> => {
  const app = await deployedApp({
    // The test calls AuditSeal itself.
    config: { systems: ['audit'], audit: { sealMinutes: 60, readers } },
    also: ['CordonAudit'],
  });
  const out = (name: string) => output(app.place, 'CordonAudit', name);
  const root = clientConfig(app);
  const [dynamo, s3, sns] = [new DynamoDBClient(root), new S3Client(root), new SNSClient(root)];
  const sqs = new SQSClient({ ...root, useQueueUrlAsEndpoint: false });
  const QueueUrl = out('AuditQueueUrl');
  // What could not be kept comes back at once: what is tested is that it does, and not when.
  await sqs.send(
    new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '2' } }),
  );
  const waiting = async () => {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    return ['', 'NotVisible', 'Delayed']
      .map((kind) => Attributes[`ApproximateNumberOfMessages${kind}` as keyof typeof Attributes])
      .reduce((sum, count) => sum + Number(count ?? 0), 0);
  };
  const takeVisible = async (): Promise<readonly GivenUp[]> => {
    const taken: GivenUp[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: out('AuditGivenUpUrl'),
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ['All'],
          VisibilityTimeout: 600,
        }),
      );
      if (Messages.length === 0) return taken;
      taken.push(
        ...Messages.map(({ Body = '', MessageAttributes = {} }) => ({
          reason: MessageAttributes.reason?.StringValue ?? 'no reason',
          body: Body,
        })),
      );
    }
  };
  const takeGivenUp = async (atLeast = 0): Promise<readonly GivenUp[]> => {
    const taken: GivenUp[] = [];
    const hasTaken = async () => {
      taken.push(...(await takeVisible()));
      return taken.length >= atLeast || undefined;
    };
    const timeoutMessage = `fewer than ${atLeast} messages were given up`;
    await until(hasTaken, { within: 240_000, every: 500, timeoutMessage });
    return taken;
  };
  const call = async (FunctionName: string): Promise<Called> => {
    const { FunctionError, Payload = [] } = await new LambdaClient(root).send(
      new InvokeCommand({ FunctionName, Payload: '{}' }),
    );
    const answer: unknown = JSON.parse(Buffer.from(Payload).toString());
    return { failed: FunctionError !== undefined, answer };
  };
  const bucket = out('AuditSealsBucketName');
  return {
    app,
    out,
    waiting,
    takeGivenUp,
    publish: async (texts) => {
      for (const Message of texts)
        await sns.send(new PublishCommand({ TopicArn: out('AuditTopicArn'), Message }));
    },
    events: () => scan(dynamo, out('AuditEventsTableName')),
    ledger: async () =>
      (await scan(dynamo, out('AuditLedgerTableName'))).filter(
        ({ event_id }) => event_id !== '#seals',
      ),
    drained: async () => {
      await until(async () => (await waiting()) === 0 || undefined, {
        within: 240_000,
        every: 500,
        timeoutMessage: 'the queue of the audit does not become empty',
      });
    },
    moveFromElsewhere: (body) => moveFromElsewhere(sqs, out('AuditGivenUpUrl'), body),
    call,
    seal: () => call('AuditSeal'),
    pull: async (name) => {
      const folder = join(temp('seal'), randomUUID());
      mkdirSync(folder);
      for (const Key of await inSeals(s3, bucket, `seals/${name}/`)) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
        writeFileSync(
          join(folder, Key.split('/').at(-1) ?? ''),
          (await Body?.transformToByteArray()) ?? new Uint8Array(),
        );
      }
      return folder;
    },
    seals: async () => [
      ...new Set((await inSeals(s3, bucket, 'seals/')).map((key) => key.split('/')[1] ?? '')),
    ],
  };
};
