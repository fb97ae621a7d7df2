import { Annotations, Stack, type StackProps } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type Config, nobody } from '../config.ts';
import { Alerts } from '../shared/alerts.ts';
import { stackOutputs } from '../shared/stack-outputs.ts';
import { type FindingIntake, findingIntake } from './finding-intake.ts';
import { Machines } from './machines.ts';
import { People } from './people.ts';
import { QuarantinePolicies } from './quarantine-policies.ts';
import { type ResponseRecords, responseRecords } from './records.ts';
import { Responders } from './responders.ts';
import { maskKey } from './settings.ts';
import { responseSources } from './sources.ts';
import type { TrailQuery } from './trail-query.ts';

export interface ResponseProps extends StackProps {
  readonly config: Config;
  /** The code of a handler, by entry name. */
  readonly code: (entry: string) => Code;
}

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
}

/** What answers a finding: rules, state machines, responders, and where their records are kept. */
export class CordonResponse extends Stack {
  constructor(scope: Construct, id: string, { config, code, ...props }: ResponseProps) {
    super(scope, id, {
      description: 'Cordon: contains compromised workloads and keeps the evidence',
      ...props,
    });
    const { policySuffix: suffix, notify } = config;
    if (notify.includes(nobody))
      Annotations.of(this).addWarningV2(
        'cordon:notify',
        `notify is ${nobody}: no mail will be sent`,
      );

    const alerts = new Alerts(this, 'Alerts', { notify, suffix });
    const records = responseRecords(this, config);
    const quarantine = new QuarantinePolicies(this, 'Quarantine', { suffix });
    const query = responseSources(this, config, records);
    const responders = new Responders(this, 'Responders', {
      config,
      code,
      alerts,
      quarantine,
      query,
      ...records,
    });
    const machines = new Machines(this, 'Machines', { config, responders, alerts });
    const targets = { machine: machines.incident, notifier: responders.named('NotifyLambda') };
    const intake = findingIntake(this, config, targets, alerts);
    const people = new People(this, 'People', {
      config,
      ...records,
      ...machines.all,
      drillBus: intake.rules.drillBus,
      custody: responders.named('CustodyLambda'),
    });
    const parts = { alerts, records, quarantine, query, responders, machines, intake, people };
    stackOutputs(this, outputsOf(parts));
  }
}

const outputsOf = ({ records, people, ...parts }: ResponseParts) => ({
  IncidentMachineArn: parts.machines.incident.stateMachineArn,
  ReleaseMachineArn: parts.machines.release.stateMachineArn,
  LateAnswerMachineArn: parts.machines.lateAnswer.stateMachineArn,
  CaseTableName: records.cases.table.tableName,
  EvidenceBucketName: records.evidence.bucket.bucketName,
  DrillEvidenceBucketName: records.evidence.drillBucket.bucketName,
  TopicArn: parts.alerts.topic.topicArn,
  DrillBusName: parts.intake.rules.drillBus.eventBusName,
  DrillRoleArn: people.drill.roleArn,
  ReleaseRoleArn: people.release.roleArn,
  ReaderRoleArn: people.reader.roleArn,
  AuditorRoleArn: people.auditor.roleArn,
  CustodyFunctionName: parts.responders.named('CustodyLambda').functionName,
  SigningKeyArn: records.signingKey.keyArn,
  WorkgroupName: parts.query.workgroup.name,
  RuleDeadLetterUrl: parts.intake.deadLetters.queueUrl,
  QuarantineRolePolicyArn: parts.quarantine.role.managedPolicyArn,
  QuarantineFunctionPolicyArn: parts.quarantine.function.managedPolicyArn,
  ContainmentFunctionName: parts.responders.named('ContainmentLambda').functionName,
  MaskKey: maskKey,
});
