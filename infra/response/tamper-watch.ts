import { CfnRule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { Alerts } from '../shared/alerts.ts';
import { type DeadLetters, notLaterThanAnHour } from '../shared/dead-letters.ts';

/**
 * What an intruder does first to a response like this one: stop the findings, stop the rules, stop
 * the records.
 */
const calls = [
  ...['DeleteDetector', 'UpdateDetector', 'StopMonitoringMembers'],
  ...[
    'CreateFilter',
    'UpdateFilter',
    'CreateIPSet',
    'UpdateIPSet',
    'CreateTrustedEntitySet',
    'UpdateTrustedEntitySet',
  ],
  ...['DisableRule', 'DeleteRule', 'RemoveTargets', 'DeleteEventBus'],
  ...['StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors'],
  ...['DeleteStateMachine', 'StopExecution'],
];

/**
 * What AWS writes and what IAM has checked; user agent and parameters are the caller's own text,
 * and stay in CloudTrail.
 */
const mail = {
  inputPathsMap: {
    call: '$.detail.eventName',
    service: '$.detail.eventSource',
    who: '$.detail.userIdentity.arn',
    from: '$.detail.sourceIPAddress',
    at: '$.detail.eventTime',
    region: '$.region',
    event: '$.detail.eventID',
  },
  inputTemplate: [
    '"Cordon: somebody touched what finds, records or responds."',
    '"<call> of <service> in <region> at <at>, by <who> from <from> (event <event> in ' +
      'CloudTrail)."',
    '"Was it a deployment of yours? If not, stop that caller now: Cordon may be blind."',
  ].join('\n'),
};

/**
 * Mails the calls that could silence Cordon, by any caller. Cordon's own deployments show up
 * here too.
 */
export class TamperWatch extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { alerts, deadLetters }: { readonly alerts: Alerts; readonly deadLetters: DeadLetters },
  ) {
    super(scope, id);
    const rule = new CfnRule(this, 'Rule', {
      description: 'Cordon: somebody touches what finds, records or responds',
      eventPattern: {
        source: ['aws.guardduty', 'aws.events', 'aws.cloudtrail', 'aws.states'],
        'detail-type': ['AWS API Call via CloudTrail'],
        detail: { eventName: calls, errorCode: [{ exists: false }] },
      },
      targets: [
        {
          id: 'SecurityTeam',
          arn: alerts.topic.topicArn,
          inputTransformer: mail,
          ...notLaterThanAnHour(deadLetters),
        },
      ],
    });
    alerts.publishedBy(rule);
    deadLetters.acceptFrom(rule);
  }
}
