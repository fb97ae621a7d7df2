import { CfnRule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { Alerts } from '../shared/alerts.ts';
import { type DeadLetters, notLaterThanAnHour } from '../shared/dead-letters.ts';

/** The calls with which an intruder stops findings, rules, records or executions. */
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
 * The fields that AWS writes or IAM has checked. The caller writes user agent and parameters, so
 * the mail leaves them out; CloudTrail has them.
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
    '"Cordon: a detector, rule, trail or state machine was stopped or changed."',
    '"<call> of <service> in <region> at <at>, by <who> from <from> (event <event> in ' +
      'CloudTrail)."',
    '"If it was none of your deployments, stop this caller now: Cordon may no longer see ' +
      'or answer findings."',
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
      description: 'Cordon: mails calls that stop or change findings, rules, records or responses',
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
