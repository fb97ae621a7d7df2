import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { incidentConsole, protectedApp, response, target } from '../../../support/infra/shared.ts';
import { at, ofType, type Resource } from '../../../support/infra/synthesised.ts';

const page = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../../../docs', name), 'utf8');
const count = (resources: readonly Resource[], type: string): number =>
  ofType(resources, type).length;

it('the quota of Lambda that docs/aws.md asks for is what the templates reserve', () => {
  const stacksOfOurs = [response, incidentConsole, protectedApp, target];
  const [ours = 0, people = 0, app = 0, canaries = 0] = stacksOfOurs.map((resources) =>
    ofType(resources, 'AWS::Lambda::Function').reduce(
      (sum, { properties }) => sum + Number(at(properties, 'ReservedConcurrentExecutions') ?? 0),
      0,
    ),
  );

  const least = ours + people + 100;
  const most = least + app + canaries;
  expect(page('aws.md')).toContain(
    `The functions of Cordon reserve ${ours}, those of the console ${people}, those of the ` +
      `protected application ${app}, the canaries ${canaries}, and Lambda insists on leaving ` +
      `100 unreserved: ${most} in all, ` +
      `${least} without application and canaries.`,
  );
});

it('docs/cost.md counts keys, alarms and secrets as the templates do', () => {
  const cost = page('cost.md');
  const [keys, alarms] = ['AWS::KMS::Key', 'AWS::CloudWatch::Alarm'];

  expect(cost).toContain(
    `| KMS keys | ${count(response, keys)} customer managed, 1 of them asymmetric`,
  );
  expect(cost).toContain(`| CloudWatch alarms | ${count(response, alarms)} at 0.10 USD |`);
  expect(cost).toContain(`| KMS keys | ${count(protectedApp, keys)} customer managed |`);
  expect(cost).toContain(
    `| CloudWatch alarms, dashboard | ${count(protectedApp, alarms)} at 0.10 USD;`,
  );
  expect(cost).toContain(
    `| Secrets | ${count(protectedApp, 'AWS::SecretsManager::Secret')} at 0.40 USD |`,
  );
});

it('exactly this stays when the stacks are removed: docs/aws.md says how each goes', () => {
  const kept = [response, protectedApp]
    .flat()
    .filter(
      ({ deletionPolicy, type }) => deletionPolicy === 'Retain' && type !== 'AWS::S3::BucketPolicy',
    )
    .map(
      ({ id, type }) => `${type.split('::').slice(1).join(' ')} ${id.replace(/[0-9A-F]{8}$/, '')}`,
    );

  expect(kept.sort()).toEqual(
    [
      ...['Cognito UserPool UsersPool', 'DynamoDB Table CasesTable', 'KMS Key DataKey'],
      ...['ApiGateway Account ApiGatewayLogRoleSetting', 'IAM Role ApiGatewayLogRole'],
      ...['Cases', 'Evidence', 'Signing', 'TrailOwn'].map((name) => `KMS Key ${name}Key`),
      ...[
        'AccessLogs',
        'EvidenceBucket',
        'EvidenceDrillBucket',
        'FrontDoorLogs',
        'TrailOwnBucket',
        'TrailQueryResults',
      ].map((name) => `S3 Bucket ${name}`),
      ...['budgets', 'customers', 'idempotency', 'products', 'queries', 'syncRuns'].map(
        (name) => `DynamoDB Table DataTables${name}`,
      ),
      ...['openAi', 'salesforce'].map((name) => `SecretsManager Secret DataSecrets${name}`),
    ].sort(),
  );
});
