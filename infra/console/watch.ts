import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { UserPool } from 'aws-cdk-lib/aws-cognito';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type Alerts, everyMinute } from '../shared/alerts.ts';
import { DeadLetters, notLaterThanAnHour } from '../shared/dead-letters.ts';
import type { Gateway } from '../shared/gateway.ts';

export interface ConsoleWatchProps {
  readonly alerts: Alerts;
  readonly deployers: readonly string[];
  readonly pool: UserPool;
  readonly gateway: Gateway;
  /** The log of each function, by its name. */
  readonly logs: ReadonlyMap<string, ILogGroup>;
  readonly suffix: string;
}

/**
 * What people do themselves, hundreds of times a day: signing in, and asking whether they still
 * are. Every other call on the pool is heard.
 */
const everyday = [
  ...['InitiateAuth', 'RespondToAuthChallenge', 'GetTokensFromRefreshToken', 'GetUser'],
  ...['AssociateSoftwareToken', 'VerifySoftwareToken', 'RevokeToken', 'GlobalSignOut'],
  ...['DescribeUserPool', 'DescribeUserPoolClient', 'ListUsers', 'ListGroups'],
  ...['ListUsersInGroup', 'AdminListGroupsForUser', 'AdminGetUser', 'GetGroup'],
  ...['ListUserPoolClients', 'GetUserPoolMfaConfig', 'ListTagsForResource'],
];

/** Fields that AWS writes or IAM has checked; what the caller wrote is in CloudTrail. */
const poolMail = {
  inputPathsMap: {
    call: '$.detail.eventName',
    who: '$.detail.userIdentity.arn',
    from: '$.detail.sourceIPAddress',
    at: '$.detail.eventTime',
    event: '$.detail.eventID',
  },
  inputTemplate: [
    '"Cordon: somebody changed who may sign in to the incident console, or tried to."',
    '"<call> at <at>, by <who> from <from> (event <event> in CloudTrail)."',
    '"Who can change users can decide as any of them. If no person of yours did this, stop this ' +
      'caller, and decide with the command until it is repaired."',
  ].join('\n'),
};

/**
 * Tells at once who changes users of the console, which no policy of a pool can forbid to an
 * administrator, and when its API fails.
 */
export class ConsoleWatch extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { alerts, deployers, pool, gateway, logs, suffix }: ConsoleWatchProps,
  ) {
    super(scope, id);
    this.hearLogs(alerts, logs, suffix);
    const deadLetters = new DeadLetters(this, 'DeadLetters', {
      alerts,
      description:
        'Cordon: a change of the users of the console could not be mailed. Look in CloudTrail ' +
        'for calls of cognito-idp on its user pool.',
      deployers,
    });
    const rule = new CfnRule(this, 'PoolChanges', {
      description: 'Cordon: calls that change who may sign in to the incident console',
      eventPattern: {
        source: [{ prefix: 'aws.' }],
        'detail-type': ['AWS API Call via CloudTrail'],
        detail: {
          eventSource: ['cognito-idp.amazonaws.com'],
          eventName: [{ 'anything-but': everyday }],
          requestParameters: { userPoolId: [pool.userPoolId] },
        },
      },
      targets: [
        {
          id: 'SecurityTeam',
          arn: alerts.topic.topicArn,
          inputTransformer: poolMail,
          ...notLaterThanAnHour(deadLetters),
        },
      ],
    });
    alerts.publishedBy(rule);
    deadLetters.acceptFrom(rule);
    alerts.whenAny(
      gateway.deploymentStage.metricServerError({ ...everyMinute, statistic: 'Sum' }),
      {
        id: 'ConsoleServerErrors',
        above: 3,
        description:
          'Cordon: more than 3 requests to the incident console failed in a minute. Decide with ' +
          'the command; the logs of the console’s functions say why.',
      },
    );
  }

  /** What a function logs as an error may have answered its request all the same. */
  private hearLogs(alerts: Alerts, logs: ReadonlyMap<string, ILogGroup>, suffix: string): void {
    const metric = { metricNamespace: 'Cordon', metricName: `ConsoleErrors${suffix}` };
    for (const [name, logGroup] of logs)
      new MetricFilter(this, `Errors${name}`, {
        ...{ logGroup, ...metric, metricValue: '1' },
        filterPattern: FilterPattern.stringValue('$.level', '=', 'error'),
      });
    const { metricNamespace: namespace, metricName } = metric;
    alerts.whenAny(new Metric({ namespace, metricName, statistic: 'Sum', ...everyMinute }), {
      id: 'ConsoleErrors',
      description:
        'Cordon: a function of the incident console has logged an error. Its request may have ' +
        'been answered, and lack something: the audit of a decision, or a part of the health ' +
        'page. The logs of the console’s functions say what; `cordon show` has each decision.',
    });
  }
}
