import { Annotations, Aws, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type Config, nobody } from '../config.ts';
import { Alerts } from '../shared/alerts.ts';
import { DeadLetters } from '../shared/dead-letters.ts';
import { SigningKey } from '../shared/keys.ts';
import { names } from '../shared/names.ts';
import { CaseTable } from './case-table.ts';
import { Detector } from './detector.ts';
import { EvidenceStore } from './evidence-store.ts';
import { FindingRules, type FindingRulesProps } from './finding-rules.ts';
import { LogBucket } from './log-bucket.ts';
import { Machines } from './machines.ts';
import { People } from './people.ts';
import { QuarantinePolicies } from './quarantine-policies.ts';
import { Responders } from './responders.ts';
import { maskKey } from './settings.ts';
import { TamperWatch } from './tamper-watch.ts';
import { Trail } from './trail.ts';
import { TrailQuery } from './trail-query.ts';

export interface ResponseProps extends StackProps {
  readonly config: Config;
  /** The code of a handler, by entry name. */
  readonly code: (entry: string) => Code;
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
        `notify is ${nobody}: nobody will be told`,
      );

    const alerts = new Alerts(this, 'Alerts', { notify, suffix });
    const records = this.records(config);
    const quarantine = new QuarantinePolicies(this, 'Quarantine', { suffix });
    const query = this.sources(config, records);
    const responders = new Responders(this, 'Responders', {
      config,
      code,
      alerts,
      quarantine,
      query,
      ...records,
    });
    const machines = new Machines(this, 'Machines', {
      config,
      responders,
      alerts,
    });
    const { rules, deadLetters } = this.doors(
      config,
      { machine: machines.incident, notifier: responders.named('NotifyLambda') },
      alerts,
    );
    const custody = responders.named('CustodyLambda');
    const people = new People(this, 'People', {
      config,
      ...records,
      ...machines.both,
      drillBus: rules.drillBus,
      custody,
    });

    this.outputs({
      IncidentMachineArn: machines.incident.stateMachineArn,
      ReleaseMachineArn: machines.release.stateMachineArn,
      CaseTableName: records.cases.table.tableName,
      EvidenceBucketName: records.evidence.bucket.bucketName,
      DrillEvidenceBucketName: records.evidence.drillBucket.bucketName,
      TopicArn: alerts.topic.topicArn,
      DrillBusName: rules.drillBus.eventBusName,
      DrillRoleArn: people.drill.roleArn,
      ReleaseRoleArn: people.release.roleArn,
      ReaderRoleArn: people.reader.roleArn,
      AuditorRoleArn: people.auditor.roleArn,
      CustodyFunctionName: custody.functionName,
      SigningKeyArn: records.signingKey.keyArn,
      WorkgroupName: query.workgroup.name,
      RuleDeadLetterUrl: deadLetters.queueUrl,
      QuarantineRolePolicyArn: quarantine.role.managedPolicyArn,
      QuarantineFunctionPolicyArn: quarantine.function.managedPolicyArn,
      ContainmentFunctionName: responders.named('ContainmentLambda').functionName,
      MaskKey: maskKey,
    });
  }

  /** What must outlive the stack. */
  private records({
    policySuffix: suffix,
    evidence: retention,
    deletionProtection,
    logRetentionDays: retentionDays,
  }: Config) {
    const accessLogs = new LogBucket(this, 'AccessLogs', { retentionDays });
    return {
      accessLogs,
      cases: new CaseTable(this, 'Cases', { deletionProtection, suffix }),
      evidence: new EvidenceStore(this, 'Evidence', { retention, accessLogs, suffix }),
      signingKey: new SigningKey(this, 'SigningKey', { alias: `cordon/signing${suffix}` }),
    };
  }

  /** How findings come in, and what happens to those that cannot. */
  private doors(
    { policySuffix }: Config,
    behind: Pick<FindingRulesProps, 'machine' | 'notifier'>,
    alerts: Alerts,
  ) {
    const { drillBus: drillBusName, drillRole: drillRoleName } = names(policySuffix);
    const description =
      'Cordon: a finding could not be handed to the incident response. Read it in the queue ' +
      'RuleDeadLetters and contain by hand.';
    const deadLetters = new DeadLetters(this, 'RuleDeadLetters', { alerts, description });
    new TamperWatch(this, 'TamperWatch', { alerts, deadLetters });
    return {
      deadLetters,
      rules: new FindingRules(this, 'FindingRules', {
        ...behind,
        deadLetters,
        drillBusName,
        drillRoleName,
      }),
    };
  }

  /** What tells us that something happened, and what. */
  private sources(
    config: Config,
    { accessLogs, evidence }: ReturnType<CordonResponse['records']>,
  ): TrailQuery {
    if (config.detector === 'own') new Detector(this, 'Detector');
    const trail = new Trail(this, 'Trail', { config, accessLogs, evidence: evidence.both });
    return new TrailQuery(this, 'TrailQuery', {
      trail,
      accounts: [Aws.ACCOUNT_ID, ...trail.otherAccounts],
      regions: config.regions,
      scanLimitMb: config.athenaScanLimitMb,
      key: evidence.key,
      accessLogs,
      names: names(config.policySuffix),
    });
  }

  /** Outputs whose names are the keys, which scripts rely on. */
  private outputs(values: Readonly<Record<string, string>>): void {
    for (const [key, value] of Object.entries(values)) new CfnOutput(this, key, { value });
  }
}
