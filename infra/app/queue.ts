import { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { EventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { maxDeliveries } from '../../protected-app/shared/question-message.ts';
import { acknowledge } from '../shared/acknowledge.ts';
import { type Alerts, everyMinute } from '../shared/alerts.ts';
import { DeadLetters } from '../shared/dead-letters.ts';

export interface AppQueueProps {
  readonly alerts: Alerts;
  /** The timeout of the function that works on it. */
  readonly workerSeconds: number;
  /** What it means that a message was given up, and what to do. */
  readonly givenUp: string;
  /** What it means that a message has waited for this long, and what to do. */
  readonly late: { readonly afterMinutes: number; readonly description: string };
}

/**
 * A queue with the queue of what could not be worked on, and an alarm on both. SQS encrypts them:
 * they hold ids, and no text of a user.
 */
export class AppQueue extends Construct {
  readonly queue: Queue;
  readonly age: Metric;

  constructor(
    scope: Construct,
    id: string,
    { alerts, workerSeconds, givenUp, late }: AppQueueProps,
  ) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // AWS recommends six times the timeout: a message must not come back while a function still
      // works on it.
      visibilityTimeout: Duration.seconds(6 * workerSeconds),
      retentionPeriod: Duration.days(4),
      deadLetterQueue: {
        queue: new DeadLetters(this, `${id}GivenUp`, {
          alerts,
          description: givenUp,
          of: 'a queue',
        }),
        maxReceiveCount: maxDeliveries,
      },
    });
    this.age = this.queue.metricApproximateAgeOfOldestMessage({
      ...everyMinute,
      statistic: 'Maximum',
    });
    alerts.whenAny(this.age, {
      id: `${id}Late`,
      description: late.description,
      above: late.afterMinutes * 60,
    });
  }

  /**
   * `atOnce`: as many as the function may run, so that a full queue waits here instead of being
   * throttled into the dead letters.
   */
  workedOnBy(
    target: IFunction,
    { batchSize, atOnce }: { readonly batchSize: number; readonly atOnce: number },
  ): void {
    const mapping = new EventSourceMapping(this, 'Work', {
      target,
      eventSourceArn: this.queue.queueArn,
      batchSize,
      maxConcurrency: atOnce,
      reportBatchItemFailures: true,
    });
    acknowledge(mapping, {
      'Serverless-LambdaEventSourceMappingDestination':
        'Mappings of queues have no failure destination; the dead-letter queue of the queue ' +
        'itself takes what fails three times.',
    });
  }
}
