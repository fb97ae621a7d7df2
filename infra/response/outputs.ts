import type { Stack } from 'aws-cdk-lib';
import type { Alerts } from '../shared/alerts.ts';
import { type ConsoleResources, exportedRecords, exporter } from './console-resources.ts';
import type { FindingIntake } from './finding-intake.ts';
import type { Machines } from './machines.ts';
import type { People } from './people.ts';
import type { QuarantinePolicies } from './quarantine-policies.ts';
import type { ResponseRecords } from './records.ts';
import type { Responders } from './responders.ts';
import { maskKey } from './settings.ts';
import type { TrailQuery } from './trail-query.ts';
import type { WebhookChannel } from './webhook.ts';

/** The parts whose names and ARNs are outputs. */
interface ResponseParts {
  readonly alerts: Alerts;
  readonly records: ResponseRecords;
  readonly quarantine: QuarantinePolicies;
  readonly query: TrailQuery;
  readonly responders: Responders;
  readonly machines: Machines;
  readonly intake: FindingIntake;
  readonly people: People;
  readonly webhook: WebhookChannel | undefined;
}

/** The outputs of the stack. The command and the tests rely on their names. */
export const outputsOf = ({ records, people, ...parts }: ResponseParts) => ({
  IncidentMachineArn: parts.machines.incident.stateMachineArn,
  ReleaseMachineArn: parts.machines.release.stateMachineArn,
  LateAnswerMachineArn: parts.machines.lateAnswer.stateMachineArn,
  HoldWatchMachineArn: parts.machines.holdWatch.stateMachineArn,
  HeartbeatMachineArn: parts.machines.heartbeat.stateMachineArn,
  CaseTableName: records.cases.table.tableName,
  EvidenceBucketName: records.evidence.bucket.bucketName,
  DrillEvidenceBucketName: records.evidence.drillBucket.bucketName,
  TopicArn: parts.alerts.topic.topicArn,
  DrillBusName: parts.intake.rules.drillBus.eventBusName,
  DrillRoleArn: people.drill.roleArn,
  ApproveRoleArn: people.approve.roleArn,
  ReleaseRoleArn: people.release.roleArn,
  ReaderRoleArn: people.reader.roleArn,
  AuditorRoleArn: people.auditor.roleArn,
  CustodyFunctionName: parts.responders.named('CustodyLambda').functionName,
  SigningKeyArn: records.signingKey.keyArn,
  DrillKeyArn: records.proofKeys.arns.drill,
  AnswerKeyArn: records.proofKeys.arns.answer,
  ReleaseKeyArn: records.proofKeys.arns.release,
  WorkgroupName: parts.query.workgroup.name,
  RuleDeadLetterUrl: parts.intake.deadLetters.queueUrl,
  QuarantineRolePolicyArn: parts.quarantine.role.managedPolicyArn,
  QuarantineFunctionPolicyArn: parts.quarantine.function.managedPolicyArn,
  QuarantineUserPolicyArn: parts.quarantine.user.managedPolicyArn,
  ContainmentFunctionName: parts.responders.named('ContainmentLambda').functionName,
  MaskKey: maskKey,
  ...(parts.webhook && {
    WebhookSecretId: parts.webhook.secret.ref,
    WebhookQueueUrl: parts.webhook.queue.queueUrl,
    WebhookDeadLetterUrl: parts.webhook.givenUp.queueUrl,
  }),
});

/** The outputs that deciding and reading need. */
const consoleOutputs = [
  'ReleaseMachineArn',
  'LateAnswerMachineArn',
  'CaseTableName',
  'EvidenceBucketName',
  'DrillEvidenceBucketName',
  'CustodyFunctionName',
  'SigningKeyArn',
  'AnswerKeyArn',
  'ReleaseKeyArn',
  'RuleDeadLetterUrl',
  'TopicArn',
  'MaskKey',
] as const;

/** What the console works with; nothing where no console is deployed. */
export const consoleResources = (
  stack: Stack,
  parts: ResponseParts,
  /** What the console is told besides, and what is no resource. */
  facts: Readonly<Record<'HeartbeatHours', string>>,
): ConsoleResources | undefined => {
  const { console: people } = parts.people;
  if (!people) return undefined;
  parts.responders.policyOf('CustodyLambda').calledByRole(people.evidenceArn);
  const exported = exporter(stack);
  const outputs = outputsOf(parts);
  const told = consoleOutputs.map((name): [string, string] => [
    name,
    exported(name, outputs[name]),
  ]);
  return {
    ...exportedRecords(parts.records, exported),
    custody: {
      functionArn: exported(
        'CustodyFunctionArn',
        parts.responders.named('CustodyLambda').functionArn,
      ),
    },
    health: {
      topicArn: exported('NoticesTopicArn', parts.alerts.topic.topicArn),
      deadLettersArn: exported('RuleDeadLettersArn', parts.intake.deadLetters.queueArn),
    },
    roles: {
      approve: people.approveArn,
      release: people.releaseArn,
    },
    outputs: { ...Object.fromEntries(told), ...facts },
  };
};
