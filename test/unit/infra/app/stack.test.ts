import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../infra/config.ts';
import {
  type AppFunction,
  type AppFunctionName,
  type AppGrant,
  appFunctions,
} from '../../../../protected-app/functions.ts';
import { routes, tokenVerifiers } from '../../../../protected-app/routes.ts';
import { type AppTable, appTables } from '../../../../protected-app/tables.ts';
import { appFunctionId, appResources } from '../../../support/infra/app.ts';
import { protectedApp } from '../../../support/infra/shared.ts';
import {
  at,
  listAt,
  ofType,
  one,
  permissionsOf,
  protectedAppWith,
  type Resource,
} from '../../../support/infra/synthesised.ts';

describe('who signs in', () => {
  const pool = one(protectedApp, 'AWS::Cognito::UserPool').properties;
  const client = one(protectedApp, 'AWS::Cognito::UserPoolClient').properties;

  it('is invited by an administrator, and has a long password and a second factor', () => {
    expect(at(pool, 'AdminCreateUserConfig', 'AllowAdminCreateUserOnly')).toBe(true);
    expect(at(pool, 'Policies', 'PasswordPolicy', 'MinimumLength')).toBe(12);
    expect([at(pool, 'MfaConfiguration'), at(pool, 'EnabledMfas')]).toEqual([
      'ON',
      ['SOFTWARE_TOKEN_MFA'],
    ]);
    expect(at(pool, 'AutoVerifiedAttributes')).toEqual(['email']);
    expect(
      appResources('Cognito::UserPoolGroup')
        .map(({ properties }) => at(properties, 'GroupName'))
        .sort(),
    ).toEqual(['administrators', 'standard-users']);
  });

  it('uses a client without a secret, whose refresh tokens work once', () => {
    expect(at(client, 'GenerateSecret')).toBe(false);
    expect(at(client, 'RefreshTokenRotation', 'Feature')).toBe('ENABLED');
    expect(at(client, 'ExplicitAuthFlows')).toEqual([
      'ALLOW_ADMIN_USER_PASSWORD_AUTH',
      'ALLOW_USER_SRP_AUTH',
    ]);
    expect([
      at(client, 'AccessTokenValidity'),
      at(client, 'TokenValidityUnits', 'AccessToken'),
    ]).toEqual([15, 'minutes']);
    expect([at(client, 'PreventUserExistenceErrors'), at(client, 'EnableTokenRevocation')]).toEqual(
      ['ENABLED', true],
    );
  });
});

/** What stands for a placeholder, written down again: infra/ must not be the judge of infra/. */
const arnOf = (placeholder: string): string => {
  if (placeholder in appTables)
    return `<${one(protectedApp, 'AWS::DynamoDB::Table', new RegExp(`^DataTables${placeholder}`)).id}.Arn>`;
  if (placeholder.endsWith('Queue'))
    return `<${one(protectedApp, 'AWS::SQS::Queue', placeholder === 'pushQueue' ? /^DataPushesQueue/ : /^DataQuestionsQueue/).id}.Arn>`;
  return `<${one(protectedApp, 'AWS::SecretsManager::Secret', placeholder === 'openaiSecret' ? /openAi/ : /salesforce/).id}>`;
};

const allowedBy = ({ on, may }: AppGrant): string[] => {
  const [, service = '', placeholder = '', rest = ''] = /^(\w+):\$\{(\w+)\}(.*)$/.exec(on) ?? [];
  return may.map((command) => `Allow ${service}:${command} ${arnOf(placeholder)}${rest}`);
};

const viaKey = ({ calls }: AppFunction): string[] => {
  const key = `<${one(protectedApp, 'AWS::KMS::Key', /^DataKey/).id}.Arn>`;
  const line = (service: string) => (action: string) =>
    `Allow kms:${action} ${key} ` +
    `{"StringEquals":{"kms:ViaService":"${service}.<AWS::Region>.<AWS::URLSuffix>"}}`;
  const uses = (service: string): boolean => calls.some(({ on }) => on.startsWith(`${service}:`));
  const withTables = [
    'Decrypt',
    'DescribeKey',
    'Encrypt',
    'GenerateDataKey',
    'ReEncryptFrom',
    'ReEncryptTo',
  ];
  return [
    ...(uses('dynamodb') ? withTables.map(line('dynamodb')) : []),
    ...(uses('secretsmanager') ? ['Decrypt'].map(line('secretsmanager')) : []),
  ];
};

describe.each(appFunctions.map((spec): [AppFunctionName, AppFunction] => [spec.name, spec]))(
  '%s',
  (name, spec) => {
    const properties = one(
      protectedApp,
      'AWS::Lambda::Function',
      new RegExp(`^${appFunctionId(name)}$`),
    ).properties;
    const logs = one(protectedApp, 'AWS::Logs::LogGroup', new RegExp(`^Functions${name}Logs`));

    it('has a role of its own that may what the function declares, and nothing else', () => {
      const role = one(protectedApp, 'AWS::IAM::Role', new RegExp(`^Functions${name}Role`)).id;
      const everyFunction = [
        ...['logs:CreateLogStream', 'logs:PutLogEvents'].map(
          (action) => `Allow ${action} <${logs.id}.Arn>`,
        ),
        ...['xray:PutTraceSegments', 'xray:PutTelemetryRecords'].map(
          (action) => `Allow ${action} *`,
        ),
      ];
      expect(permissionsOf(protectedApp, role)).toEqual(
        [...spec.calls.flatMap(allowedBy), ...viaKey(spec), ...everyFunction].sort(),
      );
      expect(at(properties, 'Role')).toBe(`<${role}.Arn>`);
    });

    it('runs as it says, traced, with a log that ends and the tags that Cordon reads', () => {
      expect(properties).toMatchObject({
        FunctionName: name,
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        MemorySize: spec.memoryMb,
        Timeout: spec.timeoutSeconds,
        ReservedConcurrentExecutions: spec.reserved,
        TracingConfig: { Mode: 'Active' },
      });
      expect(at(logs.properties, 'RetentionInDays')).toBe(365);
      expect(listAt(properties, 'Tags')).toContainEqual({ Key: 'cordon:tier', Value: spec.tier });
      expect(listAt(properties, 'Tags').some((tag) => at(tag, 'Key') === 'cordon:drill')).toBe(
        spec.drill,
      );
    });

    it('knows the user pool if it verifies tokens, and only then', () => {
      const told = Object.keys(at(properties, 'Environment', 'Variables') ?? {});
      expect(told.filter((variable) => variable.startsWith('APP_USER_POOL')).sort()).toEqual(
        tokenVerifiers.has(name) ? ['APP_USER_POOL_CLIENT_ID', 'APP_USER_POOL_ID'] : [],
      );
    });

    it('is told the names of what it may call, and of nothing else', () => {
      const told = Object.keys(at(properties, 'Environment', 'Variables') ?? {}).filter(
        (variable) => /TABLE|QUEUE|SECRET/.test(variable),
      );
      expect(told.length).toBe(
        new Set(spec.calls.map(({ on }) => on.replace(/\/index.*/, ''))).size,
      );
    });
  },
);

/** Who calls each function: a service for a resource of the stack, or a role of the stack. */
const callersOf = (name: AppFunctionName): readonly string[] => {
  const arn = `<${appFunctionId(name)}.Arn>`;
  const policies = appResources('Lambda::ResourcePolicy').filter(
    ({ properties }) => at(properties, 'ResourceArn') === arn,
  );
  expect(policies).toHaveLength(1);
  const statements = policies.flatMap(({ properties }) =>
    listAt(properties, 'PolicyDocument', 'Statement'),
  );
  const denied = statements.find((statement) => at(statement, 'Sid') === 'OnlyItsCallersCall');
  expect(at(denied, 'Effect')).toBe('Deny');
  const roles = listAt(denied, 'Condition', 'ArnNotLike', 'aws:PrincipalArn').map(String);
  const services = statements
    .filter((statement) => at(statement, 'Effect') === 'Allow')
    .map((statement) => {
      const source = String(at(statement, 'Condition', 'ArnLike', 'aws:SourceArn'));
      const part = source.replace(/^.*<ApiGateway\w+>\//, '').replace(/^<[^>]+>\//, '');
      return `${at(statement, 'Principal', 'Service')} ${part}`;
    });
  return [...roles.map((role) => role.replace(/[0-9A-F]{8}\.Arn>$/, '').slice(1)), ...services];
};

describe('who may call a function', () => {
  it.each(appFunctions.map(({ name }) => name))('%s: its callers, and nobody else', (name) => {
    const own = routes
      .filter((route) => route.function === name)
      .map(
        ({ method, path }) =>
          `apigateway.amazonaws.com ${method}${path.replaceAll(/\{\w+\}/g, '*')}`,
      );
    const others: Partial<Record<AppFunctionName, readonly string[]>> = {
      AIWorker: ['FunctionsAIWorkerRole'],
      SalesforcePush: ['FunctionsSalesforcePushRole'],
      SalesforcePoll: ['ScheduleRole'],
      AdminAuthorizer: [
        expect.stringMatching(/^apigateway\.amazonaws\.com authorizers\/<ApiAdministrators\w+>$/),
      ],
    };
    expect(callersOf(name).toSorted()).toEqual((others[name] ?? own).toSorted());
  });

  it('no single permission overwrites a policy, and Cordon may contain the functions', () => {
    expect(appResources('Lambda::Permission')).toEqual([]);
    for (const { properties } of appResources('Lambda::ResourcePolicy')) {
      const statements = listAt(properties, 'PolicyDocument', 'Statement');
      const denied = statements.find((statement) => at(statement, 'Sid') === 'OnlyDeployersChange');
      expect(listAt(denied, 'Condition', 'ArnNotLike', 'aws:PrincipalArn')).toContain(
        'arn:<AWS::Partition>:iam::<AWS::AccountId>:role/cordon/*',
      );
    }
  });
});

describe('what is kept', () => {
  it.each(Object.entries<AppTable>(appTables))(
    'the table %s is paid by use, restorable, encrypted with our key, and not deleted by mistake',
    (name, spec) => {
      const { properties, deletionPolicy } = one(
        protectedApp,
        'AWS::DynamoDB::Table',
        new RegExp(`^DataTables${name}`),
      );
      expect(properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        KeySchema: spec.key.map((AttributeName, n) => ({
          AttributeName,
          KeyType: n === 0 ? 'HASH' : 'RANGE',
        })),
        ...(spec.ttl && { TimeToLiveSpecification: { AttributeName: spec.ttl, Enabled: true } }),
      });
      expect(deletionPolicy).toBe('Retain');
      expect(
        listAt(properties, 'GlobalSecondaryIndexes').map((index) => at(index, 'IndexName')),
      ).toEqual(Object.keys(spec.indexes));
    },
  );

  it.each([
    ['Questions', 'AIWorker'],
    ['Pushes', 'SalesforcePush'],
  ])(
    'a message in %s comes back after six times the timeout of %s, three times, then it lies apart',
    (queue, worker) => {
      const { properties, id } = one(
        protectedApp,
        'AWS::SQS::Queue',
        new RegExp(`^Data${queue}Queue`),
      );
      const seconds = appFunctions.find(({ name }) => name === worker)?.timeoutSeconds ?? 0;
      expect(Number(at(properties, 'VisibilityTimeout'))).toBeGreaterThanOrEqual(6 * seconds);
      expect(at(properties, 'RedrivePolicy', 'maxReceiveCount')).toBe(3);
      const mapping = one(
        protectedApp,
        'AWS::Lambda::EventSourceMapping',
        new RegExp(`^Data${queue}Work`),
      ).properties;
      expect(mapping).toMatchObject({
        EventSourceArn: `<${id}.Arn>`,
        FunctionName: `<${appFunctionId(worker)}>`,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      });
    },
  );

  it('no secret has a value that the template knows', () => {
    for (const { properties } of appResources('SecretsManager::Secret')) {
      expect([at(properties, 'SecretString'), at(properties, 'GenerateSecretString')]).toEqual([
        undefined,
        undefined,
      ]);
      expect(String(at(properties, 'KmsKeyId'))).toMatch(/DataKey/);
    }
  });
});

it('Salesforce is asked every hour, by a role that can do nothing else', () => {
  const { properties } = one(protectedApp, 'AWS::Scheduler::Schedule');
  const dead = one(protectedApp, 'AWS::SQS::Queue', /^ScheduleMissed/).id;
  expect(properties).toMatchObject({
    ScheduleExpression: 'rate(1 hour)',
    FlexibleTimeWindow: { Mode: 'OFF' },
  });
  expect(at(properties, 'Target', 'DeadLetterConfig', 'Arn')).toBe(`<${dead}.Arn>`);
  expect(
    permissionsOf(protectedApp, one(protectedApp, 'AWS::IAM::Role', /^ScheduleRole/).id),
  ).toEqual([
    `Allow lambda:InvokeFunction <${appFunctionId('SalesforcePoll')}.Arn>`,
    `Allow sqs:SendMessage <${dead}.Arn>`,
  ]);
});

it('a poll that fails is mailed: the schedule only starts it, and nobody waits for its end', () => {
  const alarms = appResources('CloudWatch::Alarm').filter(({ properties }) =>
    listAt(properties, 'Dimensions').some(
      (dimension) => at(dimension, 'Value') === `<${appFunctionId('SalesforcePoll')}>`,
    ),
  );
  expect(
    alarms.map(({ properties }) => [at(properties, 'MetricName'), at(properties, 'Threshold')]),
  ).toEqual([['Errors', 0]]);
});

it(
  'the page of the application shows everything that it counts, and what the docs say to look ' +
    'at',
  () => {
    const page = JSON.stringify(one(protectedApp, 'AWS::CloudWatch::Dashboard').properties);
    for (const name of [
      'Tokens',
      'TokensUsed',
      'TokenBudgetExceeded',
      'CommonTokenBudgetExceeded',
      'QuestionsAnswered',
      'QuestionsFailed',
      'ModelUnavailable',
    ])
      expect(page).toContain(name);
    for (const name of [
      'PollsStopped',
      'ContactsUnreadable',
      'SalesforceCallsUsed',
      'PushesFailed',
    ])
      expect(page).toContain(name);
  },
);

it('every log ends, and every alarm says what to do', () => {
  expect(
    appResources('Logs::LogGroup').filter(
      ({ properties }) => at(properties, 'RetentionInDays') !== 365,
    ),
  ).toEqual([]);
  expect(
    appResources('CloudWatch::Alarm').filter(
      ({ properties }) => String(at(properties, 'AlarmDescription')).length < 60,
    ),
  ).toEqual([]);
});

it('stays far below what CloudFormation takes', () => {
  expect(protectedApp.length).toBeLessThan(450);
});

it('Bedrock is asked for one model, and only where the configuration says so', () => {
  const other = protectedAppWith({
    app: { ai: { provider: 'bedrock', model: 'openai.gpt-oss-120b' } },
  });
  const asks = (resources: readonly Resource[]): string[] =>
    ofType(resources, 'AWS::IAM::Role').flatMap(({ id }) =>
      permissionsOf(resources, id).filter((line) => line.includes('bedrock')),
    );
  expect(asks(protectedApp)).toEqual([]);
  expect(asks(other)).toEqual([
    'Allow bedrock-mantle:CreateInference ' +
      'arn:<AWS::Partition>:bedrock-mantle:<AWS::Region>:<AWS::AccountId>:project/* ' +
      '{"StringEquals":{"bedrock-mantle:Model":"openai.gpt-oss-120b"}}',
  ]);
});

it('an option of the application that cannot be used says where it is', () => {
  expect(() => parseConfig({ app: { origin: 'http://shop.example.org' } })).toThrow(
    'cordon.app.origin: wanted an origin',
  );
  expect(() => parseConfig({ app: { ai: { provider: 'other' } } })).toThrow(
    'cordon.app.ai.provider: wanted "openai" or "bedrock"',
  );
});
