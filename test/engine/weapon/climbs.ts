// Calls that no responder has any business with: to gain permissions, to blind Cordon, to destroy
// evidence.
import { DeleteTableCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DisableRuleCommand } from '@aws-sdk/client-eventbridge';
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyVersionCommand,
  DeleteRolePolicyCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  InvokeCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, PutBucketPolicyCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { ACCOUNT } from '../../../local/engine/settings.ts';
import { type Attempt, functionArn, policyArn, roleArn } from './attempts.ts';

export interface Targets {
  readonly own: string;
  readonly buckets: readonly string[];
  readonly table: string;
  readonly tableArn: string;
  readonly keyArn: string;
  readonly machine: string;
  readonly rule: string;
}

const everything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});
const victim = 'bystander';
const code = { ZipFile: Buffer.from('PK') };

/** `own` is the role that the responder itself runs with. */
const permissions = ({ own }: Targets): Attempt[] => [
  {
    words: 'write a policy into its own role',
    action: 'iam:PutRolePolicy',
    resource: roleArn(`cordon/${own}`),
    send: ({ iam }) =>
      iam.send(
        new PutRolePolicyCommand({ RoleName: own, PolicyName: 'more', PolicyDocument: everything }),
      ),
  },
  {
    words: 'remove what its own role is denied',
    action: 'iam:DeleteRolePolicy',
    resource: roleArn(`cordon/${own}`),
    send: ({ iam }) =>
      iam.send(new DeleteRolePolicyCommand({ RoleName: own, PolicyName: 'OutOfReach' })),
  },
  {
    words: 'write a policy into another role',
    action: 'iam:PutRolePolicy',
    resource: roleArn('bystander-role'),
    send: ({ iam }) =>
      iam.send(
        new PutRolePolicyCommand({
          RoleName: 'bystander-role',
          PolicyName: 'more',
          PolicyDocument: everything,
        }),
      ),
  },
  {
    words: 'let somebody else assume a role',
    action: 'iam:UpdateAssumeRolePolicy',
    resource: roleArn('bystander-role'),
    send: ({ iam }) =>
      iam.send(
        new UpdateAssumeRolePolicyCommand({
          RoleName: 'bystander-role',
          PolicyDocument: everything,
        }),
      ),
  },
  {
    words: 'set a permissions boundary',
    action: 'iam:PutRolePermissionsBoundary',
    resource: roleArn('bystander-role'),
    context: { 'iam:PermissionsBoundary': policyArn('CordonQuarantineRole') },
    send: ({ iam }) =>
      iam.send(
        new PutRolePermissionsBoundaryCommand({
          RoleName: 'bystander-role',
          PermissionsBoundary: policyArn('CordonQuarantineRole'),
        }),
      ),
  },
  {
    words: 'change what the quarantine policy says',
    action: 'iam:CreatePolicyVersion',
    resource: policyArn('CordonQuarantineRole'),
    send: ({ iam }) =>
      iam.send(
        new CreatePolicyVersionCommand({
          PolicyArn: policyArn('CordonQuarantineRole'),
          PolicyDocument: everything,
          SetAsDefault: true,
        }),
      ),
  },
  {
    words: 'attach the quarantine policy of roles to a user',
    action: 'iam:AttachUserPolicy',
    resource: `arn:aws:iam::${ACCOUNT}:user/somebody`,
    context: { 'iam:PolicyARN': policyArn('CordonQuarantineRole') },
    send: ({ iam }) =>
      iam.send(
        new AttachUserPolicyCommand({
          UserName: 'somebody',
          PolicyArn: policyArn('CordonQuarantineRole'),
        }),
      ),
  },
  {
    words: 'make a key for a user',
    action: 'iam:CreateAccessKey',
    resource: `arn:aws:iam::${ACCOUNT}:user/somebody`,
    send: ({ iam }) => iam.send(new CreateAccessKeyCommand({ UserName: 'somebody' })),
  },
];

const functions = ({ own }: Targets): Attempt[] => [
  {
    words: 'make a function with its own role (passing it)',
    action: 'lambda:CreateFunction',
    resource: functionArn('new'),
    send: ({ lambda }) =>
      lambda.send(
        new CreateFunctionCommand({
          FunctionName: 'new',
          Role: roleArn(`cordon/${own}`),
          Runtime: 'nodejs24.x',
          Handler: 'i.h',
          Code: code,
        }),
      ),
  },
  {
    words: 'give its own role to another function (passing it)',
    action: 'lambda:UpdateFunctionConfiguration',
    resource: functionArn(victim),
    send: ({ lambda }) =>
      lambda.send(
        new UpdateFunctionConfigurationCommand({
          FunctionName: victim,
          Role: roleArn(`cordon/${own}`),
        }),
      ),
  },
  {
    words: 'put its code into another function',
    action: 'lambda:UpdateFunctionCode',
    resource: functionArn(victim),
    send: ({ lambda }) =>
      lambda.send(new UpdateFunctionCodeCommand({ FunctionName: victim, ...code })),
  },
  {
    words: 'call another function',
    action: 'lambda:InvokeFunction',
    resource: functionArn(victim),
    send: ({ lambda }) =>
      lambda.send(new InvokeCommand({ FunctionName: victim, InvocationType: 'DryRun' })),
  },
  {
    words: 'call the function that releases',
    action: 'lambda:InvokeFunction',
    resource: functionArn('ReleaseLambda'),
    send: ({ lambda }) =>
      lambda.send(new InvokeCommand({ FunctionName: 'ReleaseLambda', InvocationType: 'DryRun' })),
  },
  {
    words: 'delete a function',
    action: 'lambda:DeleteFunction',
    resource: functionArn(victim),
    send: ({ lambda }) => lambda.send(new DeleteFunctionCommand({ FunctionName: victim })),
  },
  {
    words: 'open a function to everybody',
    action: 'lambda:AddPermission',
    resource: functionArn(victim),
    send: ({ lambda }) =>
      lambda.send(
        new AddPermissionCommand({
          FunctionName: victim,
          StatementId: 'all',
          Action: 'lambda:InvokeFunction',
          Principal: '*',
        }),
      ),
  },
];

const evidenceIn = (bucket: string): Attempt[] => [
  {
    words: `delete evidence in ${bucket}`,
    action: 's3:DeleteObject',
    resource: `arn:aws:s3:::${bucket}/incidents/2026/11/21/manifest.json`,
    send: ({ s3 }) =>
      s3.send(
        new DeleteObjectCommand({ Bucket: bucket, Key: 'incidents/2026/11/21/manifest.json' }),
      ),
  },
  {
    words: `overwrite evidence in ${bucket}`,
    action: 's3:PutObject',
    resource: `arn:aws:s3:::${bucket}/incidents/2026/11/21/manifest.json`,
    send: ({ s3 }) =>
      s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: 'incidents/2026/11/21/manifest.json',
          Body: 'forged',
        }),
      ),
  },
  {
    words: `open ${bucket}`,
    action: 's3:PutBucketPolicy',
    resource: `arn:aws:s3:::${bucket}`,
    send: ({ s3 }) => s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: everything })),
  },
];

const evidence = ({ buckets, table, tableArn, keyArn, machine, rule }: Targets): Attempt[] => [
  ...buckets.flatMap(evidenceIn),
  {
    words: 'throw the key of the case table away',
    action: 'kms:ScheduleKeyDeletion',
    resource: keyArn,
    send: ({ kms }) =>
      kms.send(new ScheduleKeyDeletionCommand({ KeyId: keyArn, PendingWindowInDays: 7 })),
  },
  {
    words: 'delete the case table',
    action: 'dynamodb:DeleteTable',
    resource: tableArn,
    send: ({ dynamodb }) => dynamodb.send(new DeleteTableCommand({ TableName: table })),
  },
  {
    words: 'read another table',
    action: 'dynamodb:GetItem',
    resource: tableArn.replace(table, 'another'),
    send: ({ dynamodb }) =>
      dynamodb.send(new GetItemCommand({ TableName: 'another', Key: { pk: { S: 'x' } } })),
  },
  {
    words: 'release an incident',
    action: 'states:StartExecution',
    resource: machine,
    send: ({ states }) =>
      states.send(new StartExecutionCommand({ stateMachineArn: machine, input: '{}' })),
  },
  {
    words: 'stop findings from arriving',
    action: 'events:DisableRule',
    resource: `arn:aws:events:us-east-1:${ACCOUNT}:rule/${rule}`,
    send: ({ events }) => events.send(new DisableRuleCommand({ Name: rule })),
  },
];

/** Denied to every responder. */
export const climbs = (targets: Targets): Attempt[] => [
  ...permissions(targets),
  ...functions(targets),
  ...evidence(targets),
];
