import { Duration } from 'aws-cdk-lib';
import type { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { type Alerts, everyMinute } from './alerts.ts';

export interface DeadLettersProps {
  readonly alerts: Alerts;
  /** What it means that something is in here, and what to do. */
  readonly description: string;
  /** Of another queue, or of what events were to reach. */
  readonly of?: 'events' | 'a queue';
}

/**
 * Where events end that could not be delivered. Anything in it is a finding without a
 * response.
 */
export class DeadLetters extends Queue {
  constructor(
    scope: Construct,
    id: string,
    { alerts, description, of = 'events' }: DeadLettersProps,
  ) {
    super(scope, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    alerts.whenAny(
      this.metricApproximateNumberOfMessagesVisible({ ...everyMinute, statistic: 'Maximum' }),
      {
        id: `${id}NotEmpty`,
        description,
      },
    );
    const last = 'This is itself a dead-letter queue; an alarm on it tells a person instead.';
    acknowledge(this, {
      'Serverless-SQSRedrivePolicy': last,
      ...(of === 'events' && { SQS3: last }),
    });
  }

  /** Without this the rule loses what it cannot deliver, and says nothing. */
  acceptFrom({ attrArn }: CfnRule): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [this.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': attrArn } },
      }),
    );
  }
}

/**
 * Containing a day later, the default, would surprise people: after an hour a person decides.
 */
export const notLaterThanAnHour = ({ queueArn }: DeadLetters) => ({
  deadLetterConfig: { arn: queueArn },
  retryPolicy: {
    maximumEventAgeInSeconds: Duration.hours(1).toSeconds(),
    maximumRetryAttempts: 30,
  },
});
