import { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { EventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { mostDeliveries } from '../../protected-app/audit/deliveries.ts';
import { acknowledge } from '../shared/acknowledge.ts';
import { type Alerts, everyMinute } from '../shared/alerts.ts';
import { type AuditedSystem, auditTopicName } from '../shared/audit-topics.ts';
import { DeadLetters } from '../shared/dead-letters.ts';
import { denyOthers, ownRole } from '../shared/deny.ts';
import type { ServiceKey } from '../shared/keys.ts';
import { functionRole } from '../shared/names.ts';

export interface AuditIntakeProps {
  readonly alerts: Alerts;
  readonly key: ServiceKey;
  /** Who may publish for a system: ARNs of roles, `*` allowed. */
  readonly publishers: Readonly<Record<AuditedSystem, readonly string[]>>;
  readonly suffix: string;
  /** Who may change topics and queues. */
  readonly deployers: readonly string[];
}

const lateMinutes = 15;
const sqs = (...calls: readonly string[]): string[] => calls.map((call) => `sqs:${call}`);

/** Where events come in: a topic for each system, and one queue of all. */
export class AuditIntake extends Construct {
  readonly topics: Readonly<Record<AuditedSystem, Topic>>;
  readonly queue: Queue;
  /** What was refused, and what could not be kept, each with its reason. */
  readonly givenUp: DeadLetters;
  readonly age: Metric;

  constructor(scope: Construct, id: string, props: AuditIntakeProps) {
    super(scope, id);
    const { alerts, suffix, deployers } = props;
    this.givenUp = new DeadLetters(this, 'GivenUp', {
      alerts,
      description:
        'Audit: a message was refused or given up. Its attribute "reason" says why; when the ' +
        'reason is gone, a deployer calls AuditResend, which hands about 1,000 of them in again; ' +
        'call again until it answers fewer.',
      of: 'a queue',
    });
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      // Six times the timeout of the function, and the window of its batches.
      visibilityTimeout: Duration.minutes(5),
      deadLetterQueue: { queue: this.givenUp, maxReceiveCount: mostDeliveries + 1 },
      // SQS moves messages of a queue that names this one without asking its policy. The queue of
      // what was given up cannot name this one in turn: AuditResend looks where a message was.
      redriveAllowPolicy: { redrivePermission: RedrivePermission.DENY_ALL },
    });
    this.topics = {
      'protected-app': this.topicOf('protected-app', props),
      cordon: this.topicOf('cordon', props),
    };
    const [ingest = '', resend = ''] = ['AuditIngest', 'AuditResend'].map((name) =>
      ownRole(functionRole(name, suffix)),
    );
    guard(this.queue, { senders: [resend], readers: [ingest], deployers });
    guard(this.givenUp, { senders: [ingest], readers: [resend, ...deployers], deployers });
    this.age = this.queue.metricApproximateAgeOfOldestMessage({
      ...everyMinute,
      statistic: 'Maximum',
    });
    alerts.whenAny(this.age, {
      id: 'AuditLate',
      above: lateMinutes * 60,
      description:
        `Audit: events have waited for more than ${lateMinutes} minutes. Look whether ` +
        'AuditIngest and its event source mapping are enabled; nothing is lost for 14 days.',
    });
  }

  private topicOf(system: AuditedSystem, props: AuditIntakeProps): Topic {
    const { key, publishers, suffix, deployers } = props;
    const topic = new Topic(this, `Topic-${system}`, {
      topicName: auditTopicName(system, suffix),
      displayName: `Audit events of ${system}`,
      masterKey: key,
      enforceSSL: true,
    });
    // With the envelope of SNS, because it names the topic: who may write as which system.
    topic.addSubscription(
      new SqsSubscription(this.queue, { rawMessageDelivery: false, deadLetterQueue: this.givenUp }),
    );
    const denials = [
      { sid: 'OnlyItsProducersPublish', calls: ['Publish'], but: publishers[system] },
      {
        sid: 'OnlyDeployersChangeTheTopic',
        calls: [
          ...['AddPermission', 'RemovePermission', 'SetTopicAttributes', 'DeleteTopic'],
          ...['Subscribe', 'PutDataProtectionPolicy'],
        ],
        but: deployers,
      },
    ];
    for (const { sid, calls, but } of denials)
      topic.addToResourcePolicy(
        denyOthers({
          sid,
          actions: calls.map((call) => `sns:${call}`),
          resources: [topic.topicArn],
          but,
        }),
      );
    return topic;
  }

  workedOnBy(target: IFunction, atOnce: number): void {
    const mapping = new EventSourceMapping(this, 'Work', {
      target,
      eventSourceArn: this.queue.queueArn,
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(5),
      maxConcurrency: atOnce,
      reportBatchItemFailures: true,
    });
    acknowledge(mapping, {
      'Serverless-LambdaEventSourceMappingDestination':
        'Mappings of queues have no failure destination; the function itself gives up what it ' +
        'cannot keep, with the reason, and the redrive of the queue takes the rest.',
    });
  }
}

interface Guarding {
  /** Besides the services that the queue allows. */
  readonly senders: readonly string[];
  readonly readers: readonly string[];
  readonly deployers: readonly string[];
}

/** Whoever could read a queue could take events out of it before they are kept. */
const guard = (queue: Queue, { senders, readers, deployers }: Guarding): void => {
  const denials = [
    { sid: 'OnlyItsSendersSend', actions: sqs('SendMessage'), but: senders },
    {
      sid: 'OnlyItsReadersTake',
      actions: sqs('ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility'),
      but: readers,
    },
    {
      sid: 'OnlyDeployersChangeTheQueue',
      actions: sqs(
        ...['SetQueueAttributes', 'DeleteQueue', 'PurgeQueue'],
        ...['AddPermission', 'RemovePermission', 'StartMessageMoveTask'],
      ),
      but: deployers,
    },
  ];
  for (const denial of denials)
    queue.addToResourcePolicy(denyOthers({ ...denial, resources: [queue.queueArn] }));
};
