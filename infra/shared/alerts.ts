import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { CfnRule } from 'aws-cdk-lib/aws-events';
import { type Conditions, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { denyOthers, ownRoles } from './deny.ts';
import { ServiceKey } from './keys.ts';

export interface AlertsProps {
  readonly notify: readonly string[];
  /** Who is asked when the security team does not answer. */
  readonly escalate?: readonly string[];
  readonly suffix: string;
  /** Who may change the topic and its key. */
  readonly deployers: readonly string[];
}

interface WhenAny {
  readonly id: string;
  readonly description: string;
  readonly above?: number;
}

interface WhenNone {
  readonly id: string;
  readonly description: string;
  readonly hours: number;
}

const ofThisAccount = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };

/**
 * The one way to the security team: incidents by Cordon, and Cordon's own troubles by alarms and
 * rules.
 */
export class Alerts extends Construct {
  readonly topic: Topic;
  /** Of those who are asked when nobody answers; none where the configuration names nobody. */
  readonly escalation: Topic | undefined;
  readonly key: ServiceKey;
  private readonly deployers: readonly string[];
  private readonly made: Alarm[] = [];

  constructor(scope: Construct, id: string, props: AlertsProps) {
    super(scope, id);
    const { notify, escalate = [], suffix, deployers } = props;
    this.deployers = deployers;
    this.key = new ServiceKey(this, 'Key', {
      description: 'Cordon: notices',
      alias: `cordon/notices${suffix}`,
      via: 'sns',
      deployers,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.topic = this.topicTo('Topic', 'Cordon', notify);
    this.escalation =
      escalate.length > 0 ? this.topicTo('Escalation', 'Cordon, unanswered', escalate) : undefined;
    this.allow('cloudwatch.amazonaws.com', ofThisAccount, ofThisAccount);
  }

  private topicTo(id: string, displayName: string, addresses: readonly string[]): Topic {
    const topic = new Topic(this, id, { displayName, masterKey: this.key, enforceSSL: true });
    for (const address of addresses)
      acknowledge(topic.addSubscription(new EmailSubscription(address)), {
        'Serverless-SNSRedrivePolicy':
          'SNS keeps no mail that a mail server refused, and has no redrive for e-mail; what ' +
          'was told is in the case table and in the alarms.',
      });
    for (const denial of denials(topic, this.deployers)) topic.addToResourcePolicy(denial);
    return topic;
  }

  /**
   * Lets a rule mail what it sees. AWS documents that conditions do not work where EventBridge
   * publishes to SNS: it may not say who it is. Where it does, it is this rule and no other.
   */
  publishedBy({ attrArn }: CfnRule): void {
    this.allow(
      'events.amazonaws.com',
      { ArnEqualsIfExists: { 'aws:SourceArn': attrArn } },
      { StringEqualsIfExists: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    );
  }

  private allow(service: string, conditions: Conditions, ofKey: Conditions): void {
    const principals = [new ServicePrincipal(service)];
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions,
      }),
    );
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: ofKey,
      }),
    );
  }

  /**
   * Mails when something that must stay at zero does not, or goes above what is said. `description`
   * says what happened and what to do now.
   */
  whenAny(metric: IMetric, { id, description, above = 0 }: WhenAny): Alarm {
    const alarm = new Alarm(this, id, {
      metric,
      alarmDescription: description,
      threshold: above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    return this.mailed(alarm);
  }

  private mailed(alarm: Alarm): Alarm {
    alarm.addAlarmAction(new SnsAction(this.topic));
    this.made.push(alarm);
    return alarm;
  }

  /** Every alarm so far. */
  get alarms(): readonly Alarm[] {
    return this.made;
  }

  /** Mails when something that must happen again and again has not happened for some hours. */
  whenNone(metric: IMetric, { id, description, hours }: WhenNone): Alarm {
    const alarm = new Alarm(this, id, {
      metric,
      alarmDescription: description,
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: hours,
      treatMissingData: TreatMissingData.BREACHING,
    });
    return this.mailed(alarm);
  }
}

/**
 * Mails come from Cordon's roles, and from the services that the topic allows. EventBridge reaches
 * the topic without the keys of these conditions, so the denials do not hit it.
 */
const denials = ({ topicArn }: Topic, deployers: readonly string[]): PolicyStatement[] => [
  denyOthers({
    sid: 'OnlyCordonPublishes',
    actions: ['sns:Publish'],
    resources: [topicArn],
    but: [ownRoles],
  }),
  denyOthers({
    sid: 'OnlyDeployersChangeTheTopic',
    actions: [
      'AddPermission',
      'RemovePermission',
      'SetTopicAttributes',
      'DeleteTopic',
      'Subscribe',
    ].map((call) => `sns:${call}`),
    resources: [topicArn],
    but: deployers,
  }),
];

/** How often the metrics behind alarms are looked at. */
export const everyMinute = { period: Duration.minutes(1) } as const;
