import { Duration } from 'aws-cdk-lib';
import type { CfnRule } from 'aws-cdk-lib/aws-events';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { functions } from '../../responders/functions.ts';
import { type Alerts, everyMinute } from '../shared/alerts.ts';
import { DeadLetters, letSend } from '../shared/dead-letters.ts';
import { denyOthers, ownRoles } from '../shared/deny.ts';

export interface TamperQueueProps {
  readonly alerts: Alerts;
  /** ARNs of the principals that may change the queue. */
  readonly deployers: readonly string[];
}

/** For how long Lambda gathers the messages of a batch. */
export const windowSeconds = 5;

const late = 10;
const { timeoutSeconds } = functions.find(({ name }) => name === 'TamperLambda') ?? {
  timeoutSeconds: 30,
};

/**
 * Where CloudTrail's events wait. A flood of calls becomes a few batches, and what `TamperLambda`
 * cannot tell now is told later.
 */
export class TamperQueue extends Queue {
  constructor(scope: Construct, id: string, { alerts, deployers }: TamperQueueProps) {
    super(scope, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // AWS recommends six times the timeout of the function that reads the queue, and its window.
      visibilityTimeout: Duration.seconds(6 * timeoutSeconds + windowSeconds),
      retentionPeriod: Duration.days(14),
      deadLetterQueue: {
        queue: new DeadLetters(scope, `${id}GivenUp`, {
          alerts,
          description:
            'Cordon: a change of Cordon itself could not be told by mail. Read it in the queue ' +
            `${id}GivenUp, and look in the log of TamperLambda for the reason.`,
          of: 'a queue',
        }),
        maxReceiveCount: 5,
      },
    });
    const age = this.metricApproximateAgeOfOldestMessage({ ...everyMinute, statistic: 'Maximum' });
    alerts.whenAny(age, {
      id: `${id}Late`,
      description:
        `Cordon: changes of Cordon itself wait for more than ${late} minutes to be told. Look ` +
        'whether TamperLambda and its event source mapping are enabled, and who changed them.',
      above: late * 60,
    });
    for (const statement of this.denials(deployers)) this.addToResourcePolicy(statement);
  }

  /** Lets a rule send; no other sender could say what happened in the account. */
  acceptFrom(rule: CfnRule): void {
    letSend(rule, this);
  }

  private denials(deployers: readonly string[]): PolicyStatement[] {
    const actions = (...names: string[]) => names.map((name) => `sqs:${name}`);
    return [
      { sid: 'OnlyEventBridgeSends', actions: actions('SendMessage'), but: [] },
      {
        sid: 'OnlyCordonReads',
        actions: actions('ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility'),
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
    ].map((denial) => denyOthers({ ...denial, resources: [this.queueArn] }));
  }
}
