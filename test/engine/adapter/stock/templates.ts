// Differences in what CloudFormation makes of a template.
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeContinuousBackupsCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { DescribeEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  GetFunctionCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import {
  GetBucketEncryptionCommand,
  GetBucketTaggingCommand,
  GetObjectLockConfigurationCommand,
  HeadBucketCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { account, deploy, makeRole, outcome } from '../world.ts';
import type { Difference } from './difference.ts';

const of = (Type: string, Properties: object = {}) => ({ Type, Properties });
const arnOf = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });
const bus = `arn:aws:events:us-east-1:${account}:event-bus/default`;
const visibility = {
  SampledRequestsEnabled: true,
  CloudWatchMetricsEnabled: true,
  MetricName: 'm',
};
const acl = {
  Name: 'types',
  Scope: 'REGIONAL',
  DefaultAction: { Allow: {} },
  VisibilityConfig: visibility,
  Rules: [],
};
const stage = 'arn:aws:apigateway:us-east-1::/restapis/types/stages/v1';
const deny = { Effect: 'Deny', Principal: '*', Action: 'events:PutRule', Resource: bus };

const types = {
  Trail: of('AWS::CloudTrail::Trail', {
    TrailName: 'types',
    S3BucketName: 'types',
    IsLogging: false,
  }),
  Query: of('AWS::Athena::NamedQuery', { Name: 'types', Database: 'd', QueryString: 'SELECT 1' }),
  Policy: of('AWS::Events::EventBusPolicy', { StatementId: 'types', Statement: deny }),
  Archive: of('AWS::Events::Archive', { ArchiveName: 'types', SourceArn: bus }),
  Composite: of('AWS::CloudWatch::CompositeAlarm', { AlarmName: 'types', AlarmRule: 'FALSE' }),
  Acl: of('AWS::WAFv2::WebACL', acl),
  Association: of('AWS::WAFv2::WebACLAssociation', { WebACLArn: arnOf('Acl'), ResourceArn: stage }),
  AclLogs: of('AWS::WAFv2::LoggingConfiguration', {
    ResourceArn: arnOf('Acl'),
    LogDestinationConfigs: ['a'],
  }),
  Saved: of('AWS::Logs::QueryDefinition', { Name: 'types', QueryString: 'fields @message' }),
};

const resourceTypes: Difference = {
  correction: 'resource_types',
  still: 'refuses types that the templates of Cordon need',
  observe: async (engine) => {
    const TemplateBody = JSON.stringify({ Resources: types });
    const cloudFormation = new CloudFormationClient(engine.client());
    const message = await cloudFormation
      .send(new CreateStackCommand({ StackName: 'types', TemplateBody }))
      .then(
        () => '',
        (error: unknown) => String(error),
      );
    return [...message.matchAll(/AWS::\w+::\w+/g)].map(([type]) => type).sort();
  },
  stock: Object.values(types)
    .map(({ Type }) => Type)
    .filter((type) => type !== 'AWS::WAFv2::WebACL')
    .sort(),
  aws: [],
};

const bucketProperties: Difference = {
  correction: 'bucket_properties',
  still: 'drops the lock, encryption and tags of a bucket',
  observe: async (engine) => {
    const Bucket = 'evidence-properties';
    const encryption = {
      ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: arnOf('Key') },
    };
    const retention = { DefaultRetention: { Mode: 'GOVERNANCE', Days: 30 } };
    await deploy(engine, 'bucket-properties', {
      Key: of('AWS::KMS::Key', { KeyPolicy: { Version: '2012-10-17', Statement: [] } }),
      Bucket: of('AWS::S3::Bucket', {
        BucketName: Bucket,
        Tags: [{ Key: 'purpose', Value: 'evidence' }],
        BucketEncryption: { ServerSideEncryptionConfiguration: [encryption] },
        ObjectLockEnabled: true,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: retention },
      }),
    });
    const s3 = new S3Client(engine.client());
    const encrypted = await s3
      .send(new GetBucketEncryptionCommand({ Bucket }))
      .catch(() => undefined);
    const byDefault =
      encrypted?.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
    const tagging = await s3.send(new GetBucketTaggingCommand({ Bucket })).catch(() => undefined);
    return {
      bucket: await outcome(s3.send(new HeadBucketCommand({ Bucket }))),
      lock: await outcome(s3.send(new GetObjectLockConfigurationCommand({ Bucket }))),
      hasKey: byDefault?.SSEAlgorithm === 'aws:kms',
      hasTag: tagging?.TagSet?.some(({ Key }) => Key === 'purpose') ?? false,
    };
  },
  stock: {
    bucket: 'ok',
    lock: 'ObjectLockConfigurationNotFoundError',
    hasKey: false,
    hasTag: false,
  },
  aws: { bucket: 'ok', lock: 'ok', hasKey: true, hasTag: true },
};

const functionProperties: Difference = {
  correction: 'function_properties',
  still: 'drops the concurrency of a function, and enables a mapping that is to be disabled',
  observe: async (engine) => {
    const FunctionName = 'properties';
    await deploy(engine, 'function-properties', {
      Queue: of('AWS::SQS::Queue', { QueueName: 'function-properties' }),
      Function: of('AWS::Lambda::Function', {
        FunctionName,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: await makeRole(engine, 'function-properties', []),
        Code: { ZipFile: 'exports.handler = async () => 1;' },
        ReservedConcurrentExecutions: 5,
      }),
      Mapping: of('AWS::Lambda::EventSourceMapping', {
        FunctionName: { Ref: 'Function' },
        EventSourceArn: arnOf('Queue'),
        Enabled: false,
      }),
    });
    const lambda = new LambdaClient(engine.client());
    const { Concurrency, Configuration } = await lambda.send(
      new GetFunctionCommand({ FunctionName }),
    );
    const { EventSourceMappings } = await lambda.send(
      new ListEventSourceMappingsCommand({ FunctionName }),
    );
    return {
      name: Configuration?.FunctionName,
      reserved: Concurrency?.ReservedConcurrentExecutions,
      mapping: EventSourceMappings?.[0]?.State,
    };
  },
  stock: { name: 'properties', reserved: undefined, mapping: 'Enabled' },
  aws: { name: 'properties', reserved: 5, mapping: 'Disabled' },
};

const tableProperties: Difference = {
  correction: 'table_properties',
  still: 'drops the time to live and the recovery of a table',
  observe: async (engine) => {
    const TableName = 'table-properties';
    await deploy(engine, TableName, {
      Table: of('AWS::DynamoDB::Table', {
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    });
    const dynamo = new DynamoDBClient(engine.client());
    const live = await dynamo.send(new DescribeTimeToLiveCommand({ TableName }));
    const backups = await dynamo.send(new DescribeContinuousBackupsCommand({ TableName }));
    const recovery = backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
    return {
      timeToLive: live.TimeToLiveDescription?.TimeToLiveStatus,
      recovery: recovery?.PointInTimeRecoveryStatus,
    };
  },
  stock: { timeToLive: 'DISABLED', recovery: 'DISABLED' },
  aws: { timeToLive: 'ENABLED', recovery: 'ENABLED' },
};

const silentProperties: Difference = {
  correction: 'silent_properties',
  still: 'drops the boundary of a role, the key of a topic and a bus, and tracing of a machine',
  observe: async (engine) => {
    const boundary = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
    const lambda = {
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
    };
    const { Topic: TopicArn, Machine: stateMachineArn } = await deploy(
      engine,
      'silent-properties',
      {
        Role: of('AWS::IAM::Role', {
          RoleName: 'silent',
          PermissionsBoundary: boundary,
          AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [lambda] },
        }),
        Key: of('AWS::KMS::Key', { KeyPolicy: { Version: '2012-10-17', Statement: [] } }),
        Topic: of('AWS::SNS::Topic', { TopicName: 'silent', KmsMasterKeyId: { Ref: 'Key' } }),
        Bus: of('AWS::Events::EventBus', { Name: 'silent', KmsKeyIdentifier: arnOf('Key') }),
        Machine: of('AWS::StepFunctions::StateMachine', {
          StateMachineName: 'silent',
          RoleArn: arnOf('Role'),
          DefinitionString: '{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}',
          TracingConfiguration: { Enabled: true },
        }),
      },
      { Topic: { Value: { Ref: 'Topic' } }, Machine: { Value: { Ref: 'Machine' } } },
    );
    const config = engine.client();
    const { Role } = await new IAMClient(config).send(new GetRoleCommand({ RoleName: 'silent' }));
    const { Attributes } = await new SNSClient(config).send(
      new GetTopicAttributesCommand({ TopicArn }),
    );
    const described = await new EventBridgeClient(config).send(
      new DescribeEventBusCommand({ Name: 'silent' }),
    );
    const machine = await new SFNClient(config).send(
      new DescribeStateMachineCommand({ stateMachineArn }),
    );
    return {
      boundary: Role?.PermissionsBoundary?.PermissionsBoundaryArn === boundary,
      topicKey: Boolean(Attributes?.KmsMasterKeyId),
      busKey: Boolean(described.KmsKeyIdentifier),
      tracing: machine.tracingConfiguration?.enabled ?? false,
    };
  },
  stock: { boundary: false, topicKey: false, busKey: false, tracing: false },
  aws: { boundary: true, topicKey: true, busKey: true, tracing: true },
};

const secretReferences: Difference = {
  correction: 'secret_references',
  still: 'gives the name of a secret for its Ref',
  observe: async (engine) => {
    const resources = {
      Secret: of('AWS::SecretsManager::Secret', { Name: 'referenced', SecretString: 's' }),
    };
    const outputs = await deploy(engine, 'secret-references', resources, {
      Secret: { Value: { Ref: 'Secret' } },
    });
    return outputs.Secret?.replace(/-\w{6}$/, '');
  },
  stock: 'referenced',
  aws: `arn:aws:secretsmanager:us-east-1:${account}:secret:referenced`,
};

const emptySecrets: Difference = {
  correction: 'empty_secrets',
  still: 'reads an empty text from a secret that has no value yet',
  observe: async (engine) => {
    const names = ['Empty', 'Given', 'Made'] as const;
    const outputs = await deploy(
      engine,
      'empty-secrets',
      {
        Empty: of('AWS::SecretsManager::Secret'),
        Given: of('AWS::SecretsManager::Secret', { SecretString: 'given' }),
        Made: of('AWS::SecretsManager::Secret', { GenerateSecretString: {} }),
      },
      Object.fromEntries(names.map((name) => [name, { Value: { Ref: name } }])),
    );
    const secrets = new SecretsManagerClient(engine.client());
    const read = (name: (typeof names)[number]) =>
      outcome(secrets.send(new GetSecretValueCommand({ SecretId: outputs[name] })));
    const before = {
      empty: await read('Empty'),
      given: await read('Given'),
      made: await read('Made'),
    };
    await secrets.send(new PutSecretValueCommand({ SecretId: outputs.Empty, SecretString: 'now' }));
    return { ...before, filled: await read('Empty') };
  },
  stock: { empty: 'ok', given: 'ok', made: 'ok', filled: 'ok' },
  aws: { empty: 'ResourceNotFoundException', given: 'ok', made: 'ok', filled: 'ok' },
};

export const templates: readonly Difference[] = [
  resourceTypes,
  bucketProperties,
  functionProperties,
  tableProperties,
  silentProperties,
  secretReferences,
  emptySecrets,
];
