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
import { ServiceKey } from './keys.ts';

export interface AlertsProps {
  readonly notify: readonly string[];
  readonly suffix: string;
}

interface WhenAny {
  readonly id: string;
  readonly description: string;
  readonly above?: number;
}

const ofThisAccount = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };

/**
 * The one way to the security team: incidents by Cordon, and Cordon's own troubles by alarms and
 * rules.
 */
export class Alerts extends Construct {
  readonly topic: Topic;
  readonly key: ServiceKey;

  constructor(scope: Construct, id: string, { notify, suffix }: AlertsProps) {
    super(scope, id);
    this.key = new ServiceKey(this, 'Key', {
      description: 'Cordon: notices',
      alias: `cordon/notices${suffix}`,
      via: 'sns',
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.topic = new Topic(this, 'Topic', {
      displayName: 'Cordon',
      masterKey: this.key,
      enforceSSL: true,
    });
    for (const address of notify)
      acknowledge(this.topic.addSubscription(new EmailSubscription(address)), {
        'Serverless-SNSRedrivePolicy':
          'SNS keeps no mail that a mail server refused, and has no redrive for e-mail; what ' +
          'was told is in the case table and in the alarms.',
      });
    this.allow('cloudwatch.amazonaws.com', ofThisAccount, ofThisAccount);
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
    alarm.addAlarmAction(new SnsAction(this.topic));
    return alarm;
  }
}

/** How often the metrics behind alarms are looked at. */
export const everyMinute = { period: Duration.minutes(1) } as const;
