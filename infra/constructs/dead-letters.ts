import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { type Alerts, everyMinute } from './alerts.ts';

export interface DeadLettersProps {
  readonly alerts: Alerts;
  /** What it means that something is in here, and what to do. */
  readonly description: string;
}

/** Where events end that could not be delivered. Anything in it is a finding that nobody has answered. */
export class DeadLetters extends Queue {
  constructor(scope: Construct, id: string, { alerts, description }: DeadLettersProps) {
    super(scope, id, { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: Duration.days(14) });
    alerts.whenAny(this.metricApproximateNumberOfMessagesVisible({ ...everyMinute, statistic: 'Maximum' }), { id: `${id}NotEmpty`, description });
    acknowledge(this, { SQS3: 'This is itself a dead-letter queue; an alarm on it tells a person instead.' });
  }
}
