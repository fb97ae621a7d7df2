import { Duration } from 'aws-cdk-lib';
import { Match, Rule } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** What an intruder does first to a response like this one: stop the findings, stop the rules, stop the records. */
const calls = [
  ...['DeleteDetector', 'UpdateDetector', 'CreateFilter', 'UpdateFilter', 'StopMonitoringMembers'],
  ...['DisableRule', 'DeleteRule', 'RemoveTargets', 'DeleteEventBus'],
  ...['StopLogging', 'DeleteTrail', 'PutEventSelectors'],
  ...['DeleteStateMachine', 'StopExecution'],
];

/** Mails the calls that could silence Cordon, whoever makes them. Cordon's own deployments show up here too. */
export class TamperWatch extends Rule {
  constructor(scope: Construct, id: string, { topic, deadLetters }: { readonly topic: ITopic; readonly deadLetters: IQueue }) {
    super(scope, id, {
      description: 'Cordon: somebody touches what finds, records or responds',
      eventPattern: {
        source: ['aws.guardduty', 'aws.events', 'aws.cloudtrail', 'aws.states'],
        detailType: ['AWS API Call via CloudTrail'],
        detail: { eventName: calls, errorCode: Match.doesNotExist() },
      },
      targets: [new SnsTopic(topic, { deadLetterQueue: deadLetters, maxEventAge: Duration.hours(1), retryAttempts: 30 })],
    });
  }
}
