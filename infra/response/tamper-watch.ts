import { Duration } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge } from '../shared/acknowledge.ts';
import type { Alerts } from '../shared/alerts.ts';
import { type DeadLetters, notLaterThanAnHour } from '../shared/dead-letters.ts';
import { guardPattern, watchPattern } from './tamper-patterns.ts';
import { type TamperQueue, windowSeconds } from './tamper-queue.ts';

export interface TamperWatchProps {
  readonly alerts: Alerts;
  readonly queue: TamperQueue;
  /** `TamperLambda`, which tells whether a call is about Cordon. */
  readonly teller: LambdaFunction;
  readonly deadLetters: DeadLetters;
}

/**
 * Fields that AWS writes or IAM has checked. The caller writes user agent and parameters, so the
 * mail leaves them out; CloudTrail has them.
 */
const guardMail = {
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
    '"Cordon: what tells you of changes to Cordon was itself CHANGED."',
    '"<call> of <service> in <region> at <at>, by <who> from <from> (event <event> in ' +
      'CloudTrail)."',
    '"If no person of yours did this, stop this caller now: you may hear of no further change. ' +
      'Then deploy Cordon again."',
  ].join('\n'),
};

/**
 * Hears every call that changes Cordon, or tries to. `Rule` hears all of them, and `TamperLambda`
 * tells them in few mails. `Guard` hears what changes this way of telling, and mails it directly.
 * Each of the two hears a change of the other.
 */
export class TamperWatch extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { alerts, queue, teller, deadLetters }: TamperWatchProps,
  ) {
    super(scope, id);
    const rule = new CfnRule(this, 'Rule', {
      description: 'Cordon: calls that may change Cordon, or what it relies on',
      eventPattern: watchPattern,
      targets: [{ id: 'Queue', arn: queue.queueArn, ...notLaterThanAnHour(deadLetters) }],
    });
    queue.acceptFrom(rule);
    const mapping = new EventSourceMapping(this, 'Work', {
      target: teller,
      eventSourceArn: queue.queueArn,
      batchSize: 500,
      maxBatchingWindow: Duration.seconds(windowSeconds),
      maxConcurrency: 2,
      reportBatchItemFailures: true,
    });
    acknowledge(mapping, {
      'Serverless-LambdaEventSourceMappingDestination':
        'Mappings of queues have no failure destination; the dead-letter queue of the queue ' +
        'itself takes what fails five times.',
    });
    const guard = new CfnRule(this, 'Guard', {
      description: 'Cordon: mails calls that changed how changes of Cordon are told',
      eventPattern: guardPattern({
        rule: rule.ref,
        functionName: teller.functionName,
        mapping: mapping.eventSourceMappingId,
        queueUrl: queue.queueUrl,
        topicArn: alerts.topic.topicArn,
      }),
      targets: [
        {
          id: 'SecurityTeam',
          arn: alerts.topic.topicArn,
          inputTransformer: guardMail,
          ...notLaterThanAnHour(deadLetters),
        },
      ],
    });
    alerts.publishedBy(guard);
    for (const own of [rule, guard]) deadLetters.acceptFrom(own);
  }
}
