import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { DescribeEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  GetFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  InvokeCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from './engine.ts';
import { account, deploy, eventually, printedAfter } from './world.ts';

const of = (Type: string, Properties: object) => ({ Type, Properties });
const att = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });
const statement = (Action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action }],
});
const code = `exports.handler = async () => {
  console.log('called', 'once more');
  throw new Error('no');
};`;

const resources = {
  Key: of('AWS::KMS::Key', { KeyPolicy: { Version: '2012-10-17', Statement: [] } }),
  Boundary: of('AWS::IAM::ManagedPolicy', {
    Path: '/cordon/',
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
    },
  }),
  Role: of('AWS::IAM::Role', {
    RoleName: 'bounded',
    PermissionsBoundary: { Ref: 'Boundary' },
    AssumeRolePolicyDocument: statement('sts:AssumeRole'),
  }),
  Dead: of('AWS::SQS::Queue', { QueueName: 'dead' }),
  Queue: of('AWS::SQS::Queue', { QueueName: 'work' }),
  Function: of('AWS::Lambda::Function', {
    FunctionName: 'fn',
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Role: att('Role'),
    Code: { ZipFile: code },
    ReservedConcurrentExecutions: 5,
    KmsKeyArn: att('Key'),
    DeadLetterConfig: { TargetArn: att('Dead') },
  }),
  Invoke: of('AWS::Lambda::EventInvokeConfig', {
    FunctionName: { Ref: 'Function' },
    Qualifier: '$LATEST',
    MaximumRetryAttempts: 0,
  }),
  Mapping: of('AWS::Lambda::EventSourceMapping', {
    FunctionName: { Ref: 'Function' },
    EventSourceArn: att('Queue'),
    Enabled: false,
  }),
  Table: of('AWS::DynamoDB::Table', {
    TableName: 'cases',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: att('Key') },
  }),
  Topic: of('AWS::SNS::Topic', {
    TopicName: 'alerts',
    KmsMasterKeyId: { Ref: 'Key' },
    TracingConfig: 'Active',
  }),
  Bus: of('AWS::Events::EventBus', {
    Name: 'bus',
    KmsKeyIdentifier: att('Key'),
    DeadLetterConfig: { Arn: att('Dead') },
  }),
  Logs: of('AWS::Logs::LogGroup', { LogGroupName: 'machine' }),
  Machine: of('AWS::StepFunctions::StateMachine', {
    StateMachineName: 'sm',
    RoleArn: att('Role'),
    DefinitionString: '{"StartAt":"P","States":{"P":{"Type":"Pass","Result":${drill},"End":true}}}',
    DefinitionSubstitutions: { drill: true },
    LoggingConfiguration: {
      Level: 'ALL',
      Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: att('Logs') } }],
    },
    TracingConfiguration: { Enabled: true },
  }),
  Secret: of('AWS::SecretsManager::Secret', { Name: 'token', SecretString: 'hidden' }),
};

describe('a template', () => {
  let engine: Engine;
  let lambda: LambdaClient;
  let outputs: Record<string, string>;
  beforeAll(async () => {
    engine = await startEngine();
    lambda = new LambdaClient(engine.client());
    outputs = await deploy(engine, 'p', resources, {
      Key: { Value: att('Key') },
      Secret: { Value: { Ref: 'Secret' } },
      Boundary: { Value: { Ref: 'Boundary' } },
    });
  });
  afterAll(() => engine.stop());

  test('gives a function its concurrency, key and dead-letter queue', async () => {
    const described = await lambda.send(new GetFunctionCommand({ FunctionName: 'fn' }));

    expect(described.Concurrency).toEqual({ ReservedConcurrentExecutions: 5 });
    expect(described.Configuration).toMatchObject({
      KMSKeyArn: outputs.Key,
      DeadLetterConfig: { TargetArn: `arn:aws:sqs:us-east-1:${account}:dead` },
    });
  });

  test('calls a function once when it allows no retry', async () => {
    const calls = async () => (await printedAfter(engine, 'fn', 'called')).length;
    expect(
      (await lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: 'fn' })))
        .MaximumRetryAttempts,
    ).toBe(0);

    await lambda.send(new InvokeCommand({ FunctionName: 'fn', InvocationType: 'Event' }));
    await eventually(calls, (count) => count > 0);
    await new Promise((done) => setTimeout(done, 3000));

    expect(await calls()).toBe(1);
  });

  test('leaves a mapping disabled', async () => {
    expect(
      (await lambda.send(new ListEventSourceMappingsCommand({}))).EventSourceMappings?.map(
        ({ State }) => State,
      ),
    ).toEqual(['Disabled']);
  });

  test('gives a table its time to live, recovery and key', async () => {
    const dynamo = new DynamoDBClient(engine.client());
    const TableName = 'cases';

    expect(
      (await dynamo.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription,
    ).toEqual({
      TimeToLiveStatus: 'ENABLED',
      AttributeName: 'ttl',
    });
    expect(
      (await dynamo.send(new DescribeContinuousBackupsCommand({ TableName })))
        .ContinuousBackupsDescription,
    ).toMatchObject({
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' },
    });
    expect(
      (await dynamo.send(new DescribeTableCommand({ TableName }))).Table?.SSEDescription,
    ).toMatchObject({
      SSEType: 'KMS',
      KMSMasterKeyArn: outputs.Key,
    });
  });

  test('gives a role its boundary, a topic and a bus their key', async () => {
    const topic = await new SNSClient(engine.client()).send(
      new GetTopicAttributesCommand({ TopicArn: `arn:aws:sns:us-east-1:${account}:alerts` }),
    );

    expect(
      (await new IAMClient(engine.client()).send(new GetRoleCommand({ RoleName: 'bounded' }))).Role
        ?.PermissionsBoundary,
    ).toMatchObject({
      PermissionsBoundaryArn: outputs.Boundary,
    });
    expect(topic.Attributes).toMatchObject({
      KmsMasterKeyId: outputs.Key?.split('/').at(-1),
      TracingConfig: 'Active',
    });
    expect(
      await new EventBridgeClient(engine.client()).send(
        new DescribeEventBusCommand({ Name: 'bus' }),
      ),
    ).toMatchObject({
      KmsKeyIdentifier: outputs.Key,
      DeadLetterConfig: { Arn: `arn:aws:sqs:us-east-1:${account}:dead` },
    });
  });

  test('gives a state machine its logging and tracing, and true as true', async () => {
    const machine = await new SFNClient(engine.client()).send(
      new DescribeStateMachineCommand({
        stateMachineArn: `arn:aws:states:us-east-1:${account}:stateMachine:sm`,
      }),
    );

    expect(machine).toMatchObject({
      loggingConfiguration: { level: 'ALL', destinations: [{}] },
      tracingConfiguration: { enabled: true },
    });
    expect(JSON.parse(machine.definition ?? '').States.P.Result).toBe(true);
  });

  test('refers to a secret by its ARN', () => {
    expect(outputs.Secret).toMatch(/^arn:aws:secretsmanager:us-east-1:\d{12}:secret:token-\w{6}$/);
  });

  test('that changes something else leaves a paused function paused', async () => {
    await lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: 'fn', ReservedConcurrentExecutions: 0 }),
    );
    const changed = {
      ...resources.Function,
      Properties: { ...resources.Function.Properties, Description: 'changed' },
    };

    await deploy(engine, 'p', { ...resources, Function: changed }, {}, true);

    const described = await lambda.send(new GetFunctionCommand({ FunctionName: 'fn' }));
    expect(described).toMatchObject({
      Configuration: { Description: 'changed' },
      Concurrency: { ReservedConcurrentExecutions: 0 },
    });
  });
});

test('a request validator of a template refuses a bad body before the integration', async () => {
  const engine = await startEngine();
  try {
    const api = { Ref: 'Api' };
    const schema = { type: 'object', required: ['name'], properties: { name: { type: 'string' } } };
    const mock = {
      Type: 'MOCK',
      RequestTemplates: { 'application/json': '{"statusCode":200}' },
      IntegrationResponses: [{ StatusCode: '200' }],
    };
    const { Api } = await deploy(
      engine,
      'api',
      {
        Api: of('AWS::ApiGateway::RestApi', { Name: 'api' }),
        Model: of('AWS::ApiGateway::Model', {
          RestApiId: api,
          ContentType: 'application/json',
          Name: 'Product',
          Schema: schema,
        }),
        Validator: of('AWS::ApiGateway::RequestValidator', {
          RestApiId: api,
          ValidateRequestBody: true,
        }),
        Method: of('AWS::ApiGateway::Method', {
          RestApiId: api,
          ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
          HttpMethod: 'POST',
          AuthorizationType: 'NONE',
          RequestModels: { 'application/json': { Ref: 'Model' } },
          RequestValidatorId: { Ref: 'Validator' },
          Integration: mock,
          MethodResponses: [{ StatusCode: '200' }],
        }),
        Deployment: {
          ...of('AWS::ApiGateway::Deployment', { RestApiId: api }),
          DependsOn: 'Method',
        },
        Stage: of('AWS::ApiGateway::Stage', {
          RestApiId: api,
          DeploymentId: { Ref: 'Deployment' },
          StageName: 'v1',
        }),
      },
      { Api: { Value: api } },
    );
    const post = async (body: string) =>
      (
        await fetch(`${engine.endpoint}/restapis/${Api}/v1/_user_request_/`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        })
      ).status;

    expect([await post('{"name":"a"}'), await post('{"price":1}')]).toEqual([200, 400]);
  } finally {
    await engine.stop();
  }
});
