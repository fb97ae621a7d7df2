import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateUserCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { beforeAll, describe, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { zipOf } from '../../../local/engine/zip.ts';
import type { Credentials } from '../../../operator/sdk-config.ts';
import { standardFunctions } from '../../../responders/functions.ts';
import { roleOf, type TemplateRole, templateRoles } from '../../support/engine/account.ts';
import { borrowed, type Deployed, outputOf } from '../../support/engine/deployed.ts';
import { sessionOf, verdict } from '../../support/engine/keys.ts';
import { makeWorkload } from '../../support/engine/workload.ts';

const bystander = 'undeclared-bystander';
let cordon: Deployed;
let roles: readonly TemplateRole[];
beforeAll(async () => {
  cordon = await borrowed();
  roles = await templateRoles(cordon);
  await makeWorkload(cordon, bystander);
});
/**
 * Calls that no function declares. Each would succeed with the root key, which a test below shows.
 */
const undeclared: Readonly<Record<string, (keys: Credentials) => Promise<unknown>>> = {
  'iam:PutRolePolicy': (keys) =>
    iam(keys).send(
      new PutRolePolicyCommand({
        RoleName: `${bystander}-role`,
        PolicyName: 'admin',
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
        }),
      }),
    ),
  'iam:CreateUser': (keys) =>
    iam(keys).send(new CreateUserCommand({ UserName: `user-${keys.accessKeyId}` })),
  'lambda:UpdateFunctionCode': (keys) =>
    lambda(keys).send(
      new UpdateFunctionCodeCommand({
        FunctionName: bystander,
        ZipFile: zipOf([{ name: 'index.mjs', data: Buffer.from('evil') }]),
      }),
    ),
  'lambda:InvokeFunction': (keys) =>
    lambda(keys).send(new InvokeCommand({ FunctionName: bystander, InvocationType: 'DryRun' })),
  's3:DeleteObject': (keys) =>
    new S3Client(clientConfig(cordon, keys)).send(
      new DeleteObjectCommand({
        Bucket: outputOf(cordon, 'CanaryBucketName'),
        Key: 'incidents/nothing',
      }),
    ),
  's3:ListAllMyBuckets': (keys) =>
    new S3Client(clientConfig(cordon, keys)).send(new ListBucketsCommand({})),
  'dynamodb:Scan': (keys) =>
    new DynamoDBClient(clientConfig(cordon, keys)).send(
      new ScanCommand({ TableName: outputOf(cordon, 'CaseTableName') }),
    ),
  'states:StartExecution': (keys) =>
    new SFNClient(clientConfig(cordon, keys)).send(
      new StartExecutionCommand({
        stateMachineArn: outputOf(cordon, 'ReleaseMachineArn'),
        input: '{}',
      }),
    ),
  'sts:AssumeRole': (keys) =>
    new STSClient(clientConfig(cordon, keys)).send(
      new AssumeRoleCommand({
        RoleArn: outputOf(cordon, 'ReaderRoleArn'),
        RoleSessionName: 'climbs',
      }),
    ),
};
const iam = (keys: Credentials) => new IAMClient(clientConfig(cordon, keys));
const lambda = (keys: Credentials) => new LambdaClient(clientConfig(cordon, keys));

it.each(Object.entries(undeclared))(
  '%s succeeds with the root key, so that a denial below is one of a policy',
  async (_action, call) => {
    expect(await verdict(() => call(cordon.rootKey))).toBe('allowed');
  },
);

describe.each(standardFunctions.map(({ name }) => name))('%s as deployed', (name) => {
  it('has exactly the policies of the template, and none attached beside them', async () => {
    const { roleName, policies } = roleOf(roles, name);

    const { PolicyNames = [] } = await iam(cordon.rootKey).send(
      new ListRolePoliciesCommand({ RoleName: roleName }),
    );
    const { AttachedPolicies } = await iam(cordon.rootKey).send(
      new ListAttachedRolePoliciesCommand({ RoleName: roleName }),
    );
    const found = await Promise.all(
      PolicyNames.map(async (PolicyName) => {
        const { PolicyDocument = '' } = await iam(cordon.rootKey).send(
          new GetRolePolicyCommand({ RoleName: roleName, PolicyName }),
        );
        return {
          name: PolicyName,
          document: JSON.parse(decodeURIComponent(PolicyDocument)) as unknown,
        };
      }),
    );

    expect(AttachedPolicies).toEqual([]);
    expect(found.toSorted((one, other) => (one.name < other.name ? -1 : 1))).toEqual(
      policies.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    );
  });

  it('is denied what it does not declare', async () => {
    const keys = await sessionOf(cordon, roleOf(roles, name).roleName, name);

    const { Arn } = await new STSClient(clientConfig(cordon, keys)).send(
      new GetCallerIdentityCommand({}),
    );
    expect(Arn).toMatch(new RegExp(`assumed-role/${roleOf(roles, name).roleName}/${name}$`));
    const verdicts = await Promise.all(
      Object.entries(undeclared).map(
        async ([action, call]) => [action, await verdict(() => call(keys))] as const,
      ),
    );
    expect(Object.fromEntries(verdicts)).toEqual(
      Object.fromEntries(Object.keys(undeclared).map((action) => [action, 'denied'])),
    );
  });
});
