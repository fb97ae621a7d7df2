import { CfnRule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { Alerts } from './alerts.ts';
import { type DeadLetters, notLaterThanAnHour } from './dead-letters.ts';

/** What an intruder does first to a response like this one: stop the findings, stop the rules, stop the records. */
const calls = [
  ...['DeleteDetector', 'UpdateDetector', 'CreateFilter', 'UpdateFilter', 'StopMonitoringMembers'],
  ...['DisableRule', 'DeleteRule', 'RemoveTargets', 'DeleteEventBus'],
  ...['StopLogging', 'DeleteTrail', 'PutEventSelectors'],
  ...['DeleteStateMachine', 'StopExecution'],
];

/** Mails the calls that could silence Cordon, whoever makes them. Cordon's own deployments show up here too. */
export class TamperWatch extends Construct {
  constructor(scope: Construct, id: string, { alerts, deadLetters }: { readonly alerts: Alerts; readonly deadLetters: DeadLetters }) {
    super(scope, id);
    const rule = new CfnRule(this, 'Rule', {
      description: 'Cordon: somebody touches what finds, records or responds',
      eventPattern: {
        source: ['aws.guardduty', 'aws.events', 'aws.cloudtrail', 'aws.states'],
        'detail-type': ['AWS API Call via CloudTrail'],
        detail: { eventName: calls, errorCode: [{ exists: false }] },
      },
      targets: [{ id: 'SecurityTeam', arn: alerts.topic.topicArn, ...notLaterThanAnHour(deadLetters) }],
    });
    alerts.publishedBy(rule);
    deadLetters.acceptFrom(rule);
  }
}
