import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { buildSync } from 'esbuild';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import { zipOf } from '../../../local/engine/zip.ts';
import { type OpenAiStandIn, startOpenAi } from '../../../local/stand-ins/openai.ts';
import { type AppFunctionName, appFunctions } from '../../../protected-app/functions.ts';
import type { Customer } from '../../../protected-app/schemas/customer.ts';
import { customerKeys } from '../../../protected-app/shared/customer-item.ts';
import { type QuestionItem, questionItem } from '../../../protected-app/shared/question-item.ts';
import { maxDeliveries } from '../../../protected-app/shared/question-message.ts';
import { ada } from '../../support/protected-app/records.ts';
import { type Engine, startEngine } from '../adapter/engine.ts';
import { createTables } from './tables.ts';
import { tokenOf } from './tokens.ts';
import { killWorkers } from './workers.ts';

const root = join(import.meta.dirname, '../../..');

/** A key that nobody else has: wherever it is found, it leaked. */
export const canaryKey = 'sk-canary-7f3k2m9q-do-not-print';
export const dailyTokens = 20_000;
export const dailyTokensOfAll = 10_000_000;
export const maxOutputTokens = 500;

/**
 * Short, so that a test may wait until a worker that is gone is known to be gone; long enough for a
 * busy machine to answer in.
 */
const timeoutSeconds = 20;
const visibilitySeconds = 30;

export interface Asker {
  readonly sub: string;
  readonly groups: string;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

const bundled = (entry: string): Buffer => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-ai-'));
  try {
    const outfile = join(folder, 'index.mjs');
    buildSync({
      absWorkingDir: root,
      entryPoints: [`protected-app/handlers/${entry}.ts`],
      outfile,
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      mainFields: ['module', 'main'],
      alias: {
        '@aws-sdk/credential-provider-node': join(root, 'infra/shared/lambda-credentials.ts'),
      },
    });
    return zipOf([{ name: 'index.mjs', data: readFileSync(outfile) }]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

type Arns = Readonly<Record<string, string>>;

const policyOf = (
  calls: readonly { readonly on: string; readonly may: readonly string[] }[],
  arns: Arns,
): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: calls.map(({ on, may }) => {
      const [service = '', name = '', rest = ''] =
        /^(\w+):\$\{(\w+)\}(.*)$/.exec(on)?.slice(1) ?? [];
      return {
        Effect: 'Allow',
        Action: may.map((command) => `${service}:${command}`),
        Resource: `${arns[name]}${rest}`,
      };
    }),
  });

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
});

/** A function of the application with exactly the role that functions.ts gives it. */
const deploy = async (
  engine: Engine,
  name: AppFunctionName,
  arns: Arns,
  environment: Record<string, string>,
): Promise<void> => {
  const spec = appFunctions.find((one) => one.name === name);
  if (!spec) throw new Error(`no ${name}`);
  const iam = new IAMClient(engine.client());
  await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust }));
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: name,
      PolicyName: 'calls',
      PolicyDocument: policyOf(spec.calls, arns),
    }),
  );
  await new LambdaClient(engine.client()).send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role: `arn:aws:iam::${ACCOUNT}:role/${name}`,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Timeout: timeoutSeconds,
      MemorySize: 512,
      Code: { ZipFile: bundled(spec.entry) },
      Environment: { Variables: { ...environment, APP_FUNCTION: name } },
    }),
  );
};

const queues = async (
  engine: Engine,
): Promise<{ readonly url: string; readonly dead: string; readonly arn: string }> => {
  const sqs = new SQSClient({ ...engine.client(), useQueueUrlAsEndpoint: false });
  const arnOf = (name: string): string => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
  const { QueueUrl: dead = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName: 'questions-dead' }),
  );
  const redrive = JSON.stringify({
    deadLetterTargetArn: arnOf('questions-dead'),
    maxReceiveCount: String(maxDeliveries),
  });
  const Attributes = { VisibilityTimeout: String(visibilitySeconds), RedrivePolicy: redrive };
  const { QueueUrl: url = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName: 'questions', Attributes }),
  );
  return { url, dead, arn: arnOf('questions') };
};

/** A user pool whose tokens the functions believe. */
const userPool = async (engine: Engine) => {
  const cognito = new CognitoIdentityProviderClient(engine.client());
  const { UserPool } = await cognito.send(new CreateUserPoolCommand({ PoolName: 'askers' }));
  const poolId = UserPool?.Id ?? '';
  const { UserPoolClient } = await cognito.send(
    new CreateUserPoolClientCommand({ UserPoolId: poolId, ClientName: 'askers' }),
  );
  // The engine makes the keys of a pool when somebody asks for them.
  await fetch(`${engine.endpoint}/${poolId}/.well-known/jwks.json`);
  return { poolId, clientId: UserPoolClient?.ClientId ?? '', runDir: engine.runDir };
};

type Pool = Awaited<ReturnType<typeof userPool>>;

/**
 * The part of the application that answers questions, on an engine of its own: real functions,
 * roles, queue, tables and secret.
 */
export const startAiWorld = async () => {
  const engine = await startEngine();
  const openai = await startOpenAi({ port: engine.port + 3 });
  const dynamo = await createTables(engine, ['queries', 'customers', 'budgets']);
  const queue = await queues(engine);
  const pool = await userPool(engine);
  const { ARN: secret = '' } = await new SecretsManagerClient(engine.client()).send(
    new CreateSecretCommand({
      Name: 'openai',
      SecretString: JSON.stringify({ apiKey: canaryKey, baseUrl: openai.url }),
    }),
  );
  const table = (name: string): string => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;
  const arns = {
    queries: table('queries'),
    customers: table('customers'),
    budgets: table('budgets'),
    questionQueue: queue.arn,
    openaiSecret: secret,
  };
  const environment = {
    APP_ORIGIN: 'https://app.example.test',
    APP_USER_POOL_ID: pool.poolId,
    APP_USER_POOL_CLIENT_ID: pool.clientId,
    APP_TABLE_QUERIES: 'queries',
    APP_TABLE_CUSTOMERS: 'customers',
    APP_TABLE_BUDGETS: 'budgets',
    APP_QUESTION_QUEUE_URL: queue.url,
    APP_OPENAI_SECRET: secret,
    APP_AI: JSON.stringify({
      provider: 'openai',
      model: 'gpt-stand-in',
      dailyTokens,
      dailyTokensOfAll,
      maxOutputTokens,
    }),
  };
  for (const name of ['AIAgent', 'AIQueryStatus', 'AIWorker'] as const)
    await deploy(engine, name, arns, environment);
  await new LambdaClient(engine.client()).send(
    new CreateEventSourceMappingCommand({
      FunctionName: 'AIWorker',
      EventSourceArn: queue.arn,
      BatchSize: 5,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    }),
  );
  return {
    engine,
    openai,
    dynamo,
    ...callsOf(engine, pool),
    ...messagesOf(engine, queue),
    ...itemsOf(dynamo),
    stop: async () => {
      await engine.stop();
      await openai.stop();
    },
  };
};

export type AiWorld = Awaited<ReturnType<typeof startAiWorld>>;

/** What the gateway would send, to the deployed functions. */
const callsOf = (engine: Engine, pool: Pool) => {
  const lambda = new LambdaClient(engine.client());
  const invoke = async (
    FunctionName: string,
    route: string,
    asker: Asker,
    more: object = {},
  ): Promise<Answered> => {
    const [httpMethod, resource] = route.split(' ');
    const requestContext = { requestId: `request-${asker.sub}` };
    const headers = { Authorization: `Bearer ${tokenOf(pool, asker)}` };
    const Payload = JSON.stringify({ httpMethod, resource, headers, requestContext, ...more });
    const invocation = new InvokeCommand({ FunctionName, Payload });
    let sent = await lambda.send(invocation);
    if (sent.FunctionError) {
      // The gateway would answer 502, and a browser would ask again; the reason is printed.
      console.warn(`${FunctionName} ended with ${Buffer.from(sent.Payload ?? [])}; asked again`);
      sent = await lambda.send(invocation);
    }
    const answer = JSON.parse(Buffer.from(sent.Payload ?? []).toString());
    if (sent.FunctionError) throw new Error(`${FunctionName}: ${answer.errorMessage}`);
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: answer.body === '' ? {} : JSON.parse(answer.body),
    };
  };
  const ask = async (
    as: Asker,
    question: string,
    customerIds: readonly string[] = [],
  ): Promise<string> => {
    const { status, body } = await invoke('AIAgent', 'POST /ai/query', as, {
      body: JSON.stringify({ question, customerIds }),
    });
    if (status !== 202) throw new Error(`asking gave ${status}: ${JSON.stringify(body)}`);
    return String(body.id);
  };
  const look = (as: Asker, id: string): Promise<Answered> =>
    invoke('AIQueryStatus', 'GET /ai/query/{id}', as, { pathParameters: { id } });
  /** Asks until the question has come to an end, as a browser does. */
  const ended = async (
    as: Asker,
    id: string,
    withinMs = 120_000,
  ): Promise<Readonly<Record<string, unknown>>> => {
    for (const until = Date.now() + withinMs; ; await sleep(200)) {
      const { body } = await look(as, id);
      if (body.state !== 'queued' && body.state !== 'running') return body;
      if (Date.now() > until)
        throw new Error(`still ${body.state} after ${withinMs} ms\n${engine.log().slice(-3_000)}`);
    }
  };
  const list = (
    as: Asker,
    queryStringParameters: Readonly<Record<string, string>> = {},
  ): Promise<Answered> => invoke('AIQueryStatus', 'GET /ai/queries', as, { queryStringParameters });
  return { invoke, ask, look, ended, list };
};

const messagesOf = (
  engine: Engine,
  { url, dead }: { readonly url: string; readonly dead: string },
) => {
  const sqs = new SQSClient({ ...engine.client(), useQueueUrlAsEndpoint: false });
  const waiting = async (QueueUrl: string): Promise<number> => {
    const AttributeNames = [
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesNotVisible',
    ] as const;
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
    );
    return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
  };
  return {
    send: (MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody })),
    inQueue: () => waiting(url),
    deadLetters: () => waiting(dead),
    killWorkers: () => killWorkers(engine, 'AIWorker'),
    logged: async (): Promise<string> => {
      const logs = new CloudWatchLogsClient(engine.client());
      const texts: string[] = [engine.log()];
      for (const name of ['AIAgent', 'AIQueryStatus', 'AIWorker']) {
        const { events = [] } = await logs.send(
          new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}`, limit: 10_000 }),
        );
        texts.push(...events.map(({ message = '' }) => message));
      }
      return texts.join('\n');
    },
  };
};

const itemsOf = (dynamo: DynamoDBClient) => {
  const put = (TableName: string, item: Readonly<Record<string, unknown>>) =>
    dynamo.send(new PutItemCommand({ TableName, Item: marshall(item) }));
  return {
    put,
    addCustomer: async (fields: Pick<Customer, 'id'> & Partial<Customer>): Promise<Customer> => {
      const { masked: _masked, ...record } = ada;
      const customer = { ...record, ...fields };
      await put('customers', { ...customer, ...customerKeys(customer.name), version: 1 });
      return { ...customer, masked: false };
    },
    stored: async (id: string): Promise<QuestionItem> => {
      const { Item = {} } = await dynamo.send(
        new GetItemCommand({ TableName: 'queries', Key: marshall({ id }), ConsistentRead: true }),
      );
      return questionItem.parse(unmarshall(Item));
    },
    /** The tokens that somebody has used, over all days: a test may run at midnight. */
    charged: async (sub: string): Promise<number> => {
      const { Items = [] } = await dynamo.send(
        new QueryCommand({
          TableName: 'budgets',
          KeyConditionExpression: '#user = :user',
          ExpressionAttributeNames: { '#user': 'user' },
          ExpressionAttributeValues: marshall({ ':user': sub }),
        }),
      );
      return Items.reduce((sum, item) => sum + Number(unmarshall(item).used), 0);
    },
  };
};

/** The requests that the provider got about this marker. */
export const callsAbout = (openai: OpenAiStandIn, marker: string) =>
  openai.seen().filter(({ text }) => text.includes(marker));
