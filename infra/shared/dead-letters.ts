import { Duration } from 'aws-cdk-lib';
import type { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { type Alerts, everyMinute } from './alerts.ts';
import { denyOthers } from './deny.ts';

export interface DeadLettersProps {
  readonly alerts: Alerts;
  /** What it means that something is in here, and what to do. */
  readonly description: string;
  /** Of another queue, or of what events were to reach. */
  readonly of?: 'events' | 'a queue';
  /** Who may empty it at once; without it, IAM decides alone. */
  readonly deployers?: readonly string[];
}

/** Lets a rule send messages to a queue. */
export const letSend = ({ attrArn }: CfnRule, queue: Queue): void => {
  queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': attrArn } },
    }),
  );
};

/**
 * Where events end that could not be delivered. Anything in it is a finding without a
 * response.
 */
export class DeadLetters extends Queue {
  constructor(
    scope: Construct,
    id: string,
    { alerts, description, of = 'events', deployers }: DeadLettersProps,
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
    if (deployers) for (const denial of denials(this, deployers)) this.addToResourcePolicy(denial);
    const last = 'This is itself a dead-letter queue; an alarm on it tells a person instead.';
    acknowledge(this, {
      'Serverless-SQSRedrivePolicy': last,
      ...(of === 'events' && { SQS3: last }),
    });
  }

  /** Without this the rule loses what it cannot deliver, and says nothing. */
  acceptFrom(rule: CfnRule): void {
    letSend(rule, this);
  }
}

/** EventBridge puts events in. People read and redrive them with rights of their own. */
const denials = ({ queueArn }: Queue, deployers: readonly string[]): PolicyStatement[] => [
  denyOthers({
    sid: 'OnlyServicesSend',
    actions: ['sqs:SendMessage'],
    resources: [queueArn],
    but: [],
  }),
  denyOthers({
    sid: 'OnlyDeployersPurge',
    actions: ['sqs:PurgeQueue'],
    resources: [queueArn],
    but: deployers,
  }),
];

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
