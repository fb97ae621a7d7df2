import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { Policy, PolicyDocument, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnResourcePolicy, CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { acknowledge } from '../shared/acknowledge.ts';
import { type Alerts, everyMinute } from '../shared/alerts.ts';
import { DeadLetters, letSend, notLaterThanAnHour } from '../shared/dead-letters.ts';
import { denyOthers, deployersOf, ownRole, ownRoles } from '../shared/deny.ts';
import { functionRole, names } from '../shared/names.ts';

export interface WebhookChannelProps {
  readonly config: Config;
  readonly alerts: Alerts;
}

/** After so many tries, three minutes apart, a person has to look. */
const mostTries = 5;
const lateMinutes = 20;

/**
 * The second channel: a queue, what gives up on it, and the secret with address and key. SQS
 * encrypts the queue, so it does not need the key of the topic. A person puts the secret in.
 */
export class WebhookChannel extends Construct {
  readonly queue: Queue;
  readonly givenUp: DeadLetters;
  readonly secret: CfnSecret;

  constructor(scope: Construct, id: string, { config, alerts }: WebhookChannelProps) {
    super(scope, id);
    const deployers = deployersOf(config.deployers);
    this.givenUp = new DeadLetters(this, 'WebhookGivenUp', {
      alerts,
      description:
        'Cordon: the webhook did not take notices, so only mails told them. Look in the log of ' +
        'WebhookLambda for the reason, remove it, and run cordon redrive --yes.',
      of: 'a queue',
    });
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // AWS recommends six times the timeout of the function that reads the queue.
      visibilityTimeout: Duration.minutes(3),
      retentionPeriod: Duration.days(14),
      deadLetterQueue: { queue: this.givenUp, maxReceiveCount: mostTries },
    });
    for (const statement of denials(this.queue, deployers))
      this.queue.addToResourcePolicy(statement);
    const age = this.queue.metricApproximateAgeOfOldestMessage({
      ...everyMinute,
      statistic: 'Maximum',
    });
    alerts.whenAny(age, {
      id: 'WebhookLate',
      above: lateMinutes * 60,
      description:
        `Cordon: notices wait for more than ${lateMinutes} minutes to be handed to the webhook. ` +
        'Look whether WebhookLambda and its event source mapping are enabled.',
    });
    this.secret = this.secretOf(config, deployers);
  }

  private secretOf(config: Config, deployers: readonly string[]): CfnSecret {
    const secret = new CfnSecret(this, 'Secret', {
      name: `${names(config.policySuffix).webhookSecret}${config.policySuffix}`,
      description: 'Cordon: { "url": "https://…", "key": "at least 32 random characters" }',
    });
    secret.applyRemovalPolicy(RemovalPolicy.DESTROY);
    acknowledge(secret, {
      SMG4:
        'The receiver of the webhook knows the same key and has no call that a rotation could ' +
        'use; a new value is read within five minutes.',
    });
    new CfnResourcePolicy(this, 'SecretPolicy', {
      secretId: secret.ref,
      resourcePolicy: new PolicyDocument({
        statements: secretDenials(secret.ref, {
          readers: [ownRole(functionRole('WebhookLambda', config.policySuffix)), ...deployers],
          writers: [...config.releasePrincipals, ...deployers],
        }),
      }),
    });
    return secret;
  }

  /** Alarms reach the webhook too, and not only by the topic. */
  tellAlarms(scope: Construct, stackName: string, deadLetters: DeadLetters): void {
    const rule = new CfnRule(scope, 'WebhookAlarms', {
      description: 'Cordon: hands alarms to the webhook',
      eventPattern: {
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        detail: { alarmName: [{ prefix: `${stackName}-` }], state: { value: ['ALARM'] } },
      },
      targets: [{ id: 'Webhook', arn: this.queue.queueArn, ...notLaterThanAnHour(deadLetters) }],
    });
    letSend(rule, this.queue);
    deadLetters.acceptFrom(rule);
  }

  /** Lets people hand over again what the webhook did not take. */
  redrivenBy(role: Role): void {
    new Policy(this, 'Redrive', {
      roles: [role],
      statements: [
        new PolicyStatement({
          actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage'],
          resources: [this.givenUp.queueArn],
        }),
        new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] }),
      ],
    });
  }

  workedOnBy(target: LambdaFunction): void {
    const mapping = new EventSourceMapping(this, 'Work', {
      target,
      eventSourceArn: this.queue.queueArn,
      batchSize: 5,
      maxConcurrency: 2,
      reportBatchItemFailures: true,
    });
    acknowledge(mapping, {
      'Serverless-LambdaEventSourceMappingDestination':
        'Mappings of queues have no failure destination; the dead-letter queue of the queue ' +
        'itself takes what fails five times.',
    });
  }
}

/** Cordon's roles send and read; EventBridge, a service, sends alarms. */
const denials = ({ queueArn }: Queue, deployers: readonly string[]): PolicyStatement[] => {
  const actions = (...calls: string[]) => calls.map((call) => `sqs:${call}`);
  return [
    {
      sid: 'OnlyCordonSendsAndReads',
      actions: actions('SendMessage', 'ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility'),
      but: [ownRoles],
    },
    {
      sid: 'OnlyDeployersChange',
      actions: actions(
        ...['SetQueueAttributes', 'DeleteQueue', 'PurgeQueue'],
        ...['AddPermission', 'RemovePermission'],
      ),
      but: deployers,
    },
  ].map((denial) => denyOthers({ ...denial, resources: [queueArn] }));
};

/** Whoever reads the key can forge notices; whoever writes the secret decides where they go. */
const secretDenials = (
  arn: string,
  {
    readers,
    writers,
  }: { readonly readers: readonly string[]; readonly writers: readonly string[] },
): PolicyStatement[] =>
  [
    {
      sid: 'OnlyItsFunctionReads',
      actions: ['GetSecretValue', 'BatchGetSecretValue'],
      but: readers,
    },
    {
      sid: 'OnlyItsPeopleWrite',
      actions: [
        ...['PutSecretValue', 'UpdateSecret', 'UpdateSecretVersionStage', 'DeleteSecret'],
        ...['RotateSecret', 'PutResourcePolicy', 'DeleteResourcePolicy', 'RestoreSecret'],
        'ReplicateSecretToRegions',
      ],
      but: writers,
    },
  ].map(({ actions, ...denial }) =>
    denyOthers({
      ...denial,
      actions: actions.map((call) => `secretsmanager:${call}`),
      resources: [arn],
    }),
  );
