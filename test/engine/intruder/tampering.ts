// What an intruder does to silence Cordon, one call for each kind of resource. No judgement here.
// Alarms are left to test/unit/responders/report/tamper-call.test.ts: the engine does not record
// the parameters of CloudWatch's calls, which are CBOR.
import { CloudTrailClient, StopLoggingCommand } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient, DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DeleteTableCommand, UpdateContinuousBackupsCommand } from '@aws-sdk/client-dynamodb';
import {
  DisableRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { DeleteTableCommand as DeleteTrailTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { DeleteDetectorCommand, GuardDutyClient } from '@aws-sdk/client-guardduty';
import {
  CreatePolicyVersionCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  DisableKeyCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import {
  CreateFunctionCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { PutBucketPolicyCommand, PutObjectLockConfigurationCommand } from '@aws-sdk/client-s3';
import { DeleteStateMachineCommand, UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import {
  DeleteTopicCommand,
  SetTopicAttributesCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { PurgeQueueCommand } from '@aws-sdk/client-sqs';
import type { clientConfig } from '../../../local/engine/clients.ts';
import type { Clients } from './clients.ts';

/** The resources of the deployment that are tried. */
export interface Targets {
  readonly rule: string;
  readonly machine: string;
  readonly topic: string;
  readonly subscription: string;
  readonly queueUrl: string;
  readonly key: string;
  readonly bucket: string;
  readonly table: string;
  readonly policy: string;
}

type Send = (as: Clients, on: Targets, config: ReturnType<typeof clientConfig>) => Promise<unknown>;

const open = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});
const PolicyDocument = open;
const FunctionName = 'ContainmentLambda';
const RoleName = 'CordonReleaseRole';
const ZipFile = Buffer.from('no code');

/** `service:Call` as the mail names it. */
export const tampering: Readonly<Record<string, Send>> = {
  'events:DisableRule': ({ events }, { rule }) =>
    events.send(new DisableRuleCommand({ Name: rule })),
  'events:PutRule': ({ events }, { rule }) =>
    events.send(new PutRuleCommand({ Name: rule, EventPattern: '{"source":["nothing"]}' })),
  'events:PutTargets': ({ events }, { rule, topic }) =>
    events.send(new PutTargetsCommand({ Rule: rule, Targets: [{ Id: 'x', Arn: topic }] })),
  'events:RemoveTargets': ({ events }, { rule }) =>
    events.send(new RemoveTargetsCommand({ Rule: rule, Ids: ['IncidentResponse'] })),
  'states:UpdateStateMachine': ({ states }, { machine }) =>
    states.send(new UpdateStateMachineCommand({ stateMachineArn: machine, definition: '{}' })),
  'states:DeleteStateMachine': ({ states }, { machine }) =>
    states.send(new DeleteStateMachineCommand({ stateMachineArn: machine })),
  'sns:Unsubscribe': ({ sns }, { subscription }) =>
    sns.send(new UnsubscribeCommand({ SubscriptionArn: subscription })),
  'sns:SetTopicAttributes': ({ sns }, { topic }) =>
    sns.send(
      new SetTopicAttributesCommand({
        TopicArn: topic,
        AttributeName: 'DisplayName',
        AttributeValue: 'x',
      }),
    ),
  'sns:DeleteTopic': ({ sns }, { topic }) => sns.send(new DeleteTopicCommand({ TopicArn: topic })),
  'sqs:PurgeQueue': ({ sqs }, { queueUrl }) =>
    sqs.send(new PurgeQueueCommand({ QueueUrl: queueUrl })),
  'kms:DisableKey': ({ kms }, { key }) => kms.send(new DisableKeyCommand({ KeyId: key })),
  'kms:PutKeyPolicy': ({ kms }, { key }) =>
    kms.send(new PutKeyPolicyCommand({ KeyId: key, PolicyName: 'default', Policy: open })),
  'kms:ScheduleKeyDeletion': ({ kms }, { key }) =>
    kms.send(new ScheduleKeyDeletionCommand({ KeyId: key })),
  's3:PutBucketPolicy': ({ s3 }, { bucket }) =>
    s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: open })),
  's3:PutBucketObjectLockConfiguration': ({ s3 }, { bucket }) =>
    s3.send(new PutObjectLockConfigurationCommand({ Bucket: bucket })),
  'dynamodb:DeleteTable': ({ dynamodb }, { table }) =>
    dynamodb.send(new DeleteTableCommand({ TableName: table })),
  'dynamodb:UpdateContinuousBackups': ({ dynamodb }, { table }) =>
    dynamodb.send(
      new UpdateContinuousBackupsCommand({
        TableName: table,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
      }),
    ),
  'lambda:UpdateFunctionCode': ({ lambda }) =>
    lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile })),
  'lambda:UpdateFunctionConfiguration': ({ lambda }) =>
    lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 128 })),
  'lambda:PutFunctionConcurrency': ({ lambda }) =>
    lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }),
    ),
  'lambda:CreateFunction': ({ lambda }) =>
    lambda.send(
      new CreateFunctionCommand({
        FunctionName: 'in-disguise',
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: `arn:aws:iam::000000000000:role/cordon/${RoleName}`,
        Code: { ZipFile },
      }),
    ),
  'iam:UpdateAssumeRolePolicy': ({ iam }) =>
    iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument })),
  'iam:PutRolePolicy': ({ iam }) =>
    iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'x', PolicyDocument })),
  'iam:CreatePolicyVersion': ({ iam }, { policy }) =>
    iam.send(new CreatePolicyVersionCommand({ PolicyArn: policy, PolicyDocument })),
  'logs:DeleteLogGroup': (_as, _on, config) =>
    new CloudWatchLogsClient(config).send(
      new DeleteLogGroupCommand({ logGroupName: `/aws/lambda/${FunctionName}` }),
    ),
  'glue:DeleteTable': (_as, _on, config) =>
    new GlueClient(config).send(
      new DeleteTrailTableCommand({ DatabaseName: 'cordon', Name: 'cloudtrail' }),
    ),
  'cloudtrail:StopLogging': (_as, _on, config) =>
    new CloudTrailClient(config).send(new StopLoggingCommand({ Name: 'cordon' })),
  'guardduty:DeleteDetector': (_as, _on, config) =>
    new GuardDutyClient(config).send(
      new DeleteDetectorCommand({ DetectorId: '0123456789abcdef0123456789abcdef' }),
    ),
};
