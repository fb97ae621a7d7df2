import { describe, expect, it } from 'vitest';
import { auditRouteEntries } from '../../../../protected-app/audit/api/routes.ts';
import { auditFunctions } from '../../../../protected-app/audit/functions.ts';
import { systems } from '../../../support/infra/shared.ts';
import {
  at,
  lines,
  listAt,
  ofType,
  one,
  permissionsOf,
} from '../../../support/infra/synthesised.ts';

const audit = systems.audit ?? [];
const [events, ledger] = [/^StoreEvents/, /^StoreLedger/].map((id) =>
  one(audit, 'AWS::DynamoDB::Table', id),
);

const roleIdOf = (name: string): string =>
  one(audit, 'AWS::IAM::Role', new RegExp(`^Functions${name}Role`)).id;

describe('what the seed asks for', () => {
  it('events are kept by id and time, on demand, encrypted, with backups', () => {
    const properties = events?.properties;
    expect(at(properties, 'KeySchema')).toEqual([
      { AttributeName: 'event_id', KeyType: 'HASH' },
      { AttributeName: 'timestamp', KeyType: 'RANGE' },
    ]);
    expect(at(properties, 'BillingMode')).toBe('PAY_PER_REQUEST');
    expect(at(properties, 'SSESpecification', 'SSEType')).toBe('KMS');
    // Nothing reads a stream, and no policy of the table would guard one.
    expect(at(properties, 'StreamSpecification')).toBeUndefined();
    expect(at(properties, 'PointInTimeRecoverySpecification', 'PointInTimeRecoveryEnabled')).toBe(
      true,
    );
  });

  it('a queue keeps messages for 14 days, hides them for 5 minutes, and gives some up', () => {
    const { properties } = one(audit, 'AWS::SQS::Queue', /^IntakeQueue/);
    expect(at(properties, 'MessageRetentionPeriod')).toBe(14 * 24 * 3_600);
    expect(at(properties, 'VisibilityTimeout')).toBe(300);
    expect(at(properties, 'RedrivePolicy', 'maxReceiveCount')).toBe(13);
  });

  it('no queue may name that queue as its dead-letter queue', () => {
    const { properties } = one(audit, 'AWS::SQS::Queue', /^IntakeQueue/);
    expect(at(properties, 'RedriveAllowPolicy')).toEqual({ redrivePermission: 'denyAll' });
  });

  it('a function takes a hundred messages at once, and each fails alone', () => {
    const { properties } = one(audit, 'AWS::Lambda::EventSourceMapping', /^IntakeWork/);
    expect(at(properties, 'BatchSize')).toBe(100);
    expect(at(properties, 'MaximumBatchingWindowInSeconds')).toBe(5);
    expect(at(properties, 'FunctionResponseTypes')).toEqual(['ReportBatchItemFailures']);
  });

  it('functions have 1,024 MB', () => {
    const sizes = auditFunctions.map(({ name }) =>
      at(
        one(audit, 'AWS::Lambda::Function', new RegExp(`^Functions${name}Function`)).properties,
        'MemorySize',
      ),
    );
    expect(new Set(sizes)).toEqual(new Set([1_024]));
  });

  it('seals are made every five minutes, into a bucket that is locked', () => {
    const schedule = one(audit, 'AWS::Scheduler::Schedule').properties;
    const bucket = one(audit, 'AWS::S3::Bucket', /^StoreSeals/).properties;
    expect(at(schedule, 'ScheduleExpression')).toBe('rate(5 minutes)');
    expect(at(bucket, 'ObjectLockEnabled')).toBe(true);
    expect(at(bucket, 'ObjectLockConfiguration', 'Rule', 'DefaultRetention')).toEqual({
      Mode: 'GOVERNANCE',
      Days: 365,
    });
  });
});

describe('nobody', () => {
  const denied = (table: typeof events): string[] =>
    lines(listAt(table?.properties, 'ResourcePolicy', 'PolicyDocument', 'Statement')).filter(
      (line) => line.startsWith('Deny') && !line.includes('aws:PrincipalArn'),
    );

  it('removes an event or updates it, whatever IAM allows', () => {
    const said = denied(events).map((line) => line.split(' ')[1]);
    expect(said).toEqual(
      ['BatchWriteItem', 'DeleteItem', 'PartiQLDelete', 'PartiQLUpdate', 'UpdateItem'].map(
        (call) => `dynamodb:${call}`,
      ),
    );
  });

  it('but a deployer copies a table', () => {
    for (const table of [events, ledger]) {
      const copies = lines(
        listAt(table?.properties, 'ResourcePolicy', 'PolicyDocument', 'Statement'),
      ).filter((line) => /Deny dynamodb:(CreateBackup|StartAwsBackupJob|ExportTable)/.test(line));
      expect(copies).toHaveLength(3);
      for (const line of copies) expect(line).toContain('aws:PrincipalArn');
    }
  });

  it('removes an entry of the ledger', () => {
    const said = denied(ledger).map((line) => line.split(' ')[1]);
    expect(said).toEqual(
      ['BatchWriteItem', 'DeleteItem', 'PartiQLDelete'].map((call) => `dynamodb:${call}`),
    );
  });

  it('of the functions holds a call that would', () => {
    const allowed = auditFunctions.flatMap(({ name }) =>
      permissionsOf(audit, roleIdOf(name)).filter((line) => line.startsWith('Allow')),
    );
    expect(
      allowed.filter((line) => /Delete(Item|Object)|BatchWrite|PartiQL|s3:Bypass/.test(line)),
    ).toEqual([]);
    const reads = ['dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:Query'];
    expect(
      allowed
        .filter((line) => line.includes(`<${events?.id}.Arn>`))
        .map((line) => line.split(' ')[1]),
    ).toEqual(['dynamodb:PutItem', ...reads]);
  });
});

describe('the API', () => {
  const role = () => permissionsOf(audit, roleIdOf('AuditApi'));

  it('may read, and do nothing else', () => {
    const calls = role()
      .filter((line) => line.startsWith('Allow'))
      .map((line) => line.split(' ')[1] ?? '');
    const own = calls.filter((call) => /^(dynamodb|s3|sqs|sns|secretsmanager):/.test(call));
    expect([...new Set(own)].sort()).toEqual([
      ...['dynamodb:GetItem', 'dynamodb:Query', 's3:GetObject', 's3:ListBucket'],
    ]);
    expect(role().join('\n')).not.toMatch(/secretsmanager|kms:Sign/);
  });

  it('wants a signature on each route, and is throttled', () => {
    const methods = ofType(audit, 'AWS::ApiGateway::Method');
    expect(methods).toHaveLength(auditRouteEntries.length);
    for (const { properties } of methods) {
      expect(at(properties, 'AuthorizationType')).toBe('AWS_IAM');
      expect(at(properties, 'HttpMethod')).toBe('GET');
    }
    expect(ofType(audit, 'AWS::Lambda::Permission')).toEqual([]);
    const { properties } = one(audit, 'AWS::ApiGateway::Stage');
    expect(at(properties, 'MethodSettings', 0)).toMatchObject({
      ...{ ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 },
    });
  });

  it('is closed to everybody whom the configuration does not name', () => {
    const { properties } = one(audit, 'AWS::ApiGateway::RestApi');
    const said = lines(listAt(properties, 'Policy', 'Statement'));
    const denied = said.filter((line) => line.startsWith('Deny'));
    expect(denied).toHaveLength(1);
    expect(denied[0]).toContain('execute-api:/*');
    expect(denied[0]).toContain(':root"]');
  });
});
