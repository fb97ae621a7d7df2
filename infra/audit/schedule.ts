import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Alerts } from '../shared/alerts.ts';
import { DeadLetters } from '../shared/dead-letters.ts';
import { path } from '../shared/names.ts';
import type { AuditFunctions } from './functions.ts';

export interface SealScheduleProps {
  readonly functions: AuditFunctions;
  readonly everyMinutes: number;
  readonly alerts: Alerts;
}

/** Seals every few minutes. What one run misses the next one takes: it seals what has no seal. */
export class SealSchedule extends Construct {
  constructor(scope: Construct, id: string, props: SealScheduleProps) {
    super(scope, id);
    const { functions, everyMinutes, alerts } = props;
    const { functionArn } = functions.named('AuditSeal');
    const missed = new DeadLetters(this, 'SealMissed', {
      alerts,
      description:
        'Audit: a seal could not be started. The next one takes its events; look at AuditSeal.',
    });
    const role = new Role(this, 'Role', {
      path,
      description: 'Audit: starts the sealing',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      inlinePolicies: {
        Start: new PolicyDocument({
          statements: [
            new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] }),
            new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [missed.queueArn] }),
          ],
        }),
      },
    });
    functions.policyOf('AuditSeal').calledByRole(role.roleArn);
    new CfnSchedule(this, 'Every', {
      description: 'Seals the audit events that have no seal yet',
      scheduleExpression: `rate(${everyMinutes} ${everyMinutes === 1 ? 'minute' : 'minutes'})`,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: functionArn,
        roleArn: role.roleArn,
        input: '{}',
        deadLetterConfig: { arn: missed.queueArn },
        retryPolicy: {
          maximumEventAgeInSeconds: Duration.minutes(10).toSeconds(),
          maximumRetryAttempts: 3,
        },
      },
    });
  }
}
