import { Duration } from 'aws-cdk-lib';
import { Dashboard, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { budgetMetrics, type TokenBudget } from '../../protected-app/shared/token-budget.ts';
import { type Alerts, everyMinute } from '../shared/alerts.ts';
import type { Gateway } from '../shared/gateway.ts';
import { type Graph, graphWidgets, sum } from '../shared/graphs.ts';
import type { AppFunctions } from './functions.ts';
import type { AppQueue } from './queue.ts';

export interface AppWatchProps {
  readonly alerts: Alerts;
  readonly gateway: Gateway;
  readonly functions: AppFunctions;
  readonly queues: Readonly<Record<'questions' | 'pushes', AppQueue>>;
  readonly suffix: string;
}

/** Counted by the functions themselves, in the embedded metric format. */
const counted = (service: string, metricName: string): Metric =>
  new Metric({ namespace: 'CordonApp', metricName, dimensionsMap: { service }, ...sum });

/** Of all functions of the region: an alarm adds up ten metrics at most, and there are more. */
const throttled = LambdaFunction.metricAllThrottles(sum);
const failed = LambdaFunction.metricAllErrors(sum);
const spent = (budget: TokenBudget): Metric =>
  counted(budgetMetrics.service, budgetMetrics.names[budget]);
const pushFailed = counted('SalesforcePush', 'PushesFailed');

/** An hour long, so that polls that keep failing send one mail. */
const pollFailures = (functions: AppFunctions): Metric =>
  functions.named('SalesforcePoll').metricErrors({ period: Duration.hours(1), statistic: 'Sum' });

/** Mails what a person must look at, and shows the rest on one page. */
export class AppWatch extends Construct {
  readonly dashboardName: string;

  constructor(scope: Construct, id: string, props: AppWatchProps) {
    super(scope, id);
    this.dashboardName = `cordon-protected-app${props.suffix}`;
    const pollFailed = pollFailures(props.functions);
    this.apiAlarms(props);
    this.systemAlarms(props.alerts, pollFailed);
    this.page([...requestGraphs(props), ...systemGraphs(pollFailed)]);
  }

  private apiAlarms({ alerts, gateway }: AppWatchProps): void {
    alerts.whenAny(gateway.deploymentStage.metricServerError(sum), {
      id: 'AppServerErrors',
      above: 5,
      description:
        'App: more than 5 requests in a minute failed with an internal error. The access log has ' +
        'their request ids; the log of the function says why.',
    });
    alerts.whenAny(throttled, {
      id: 'AppThrottles',
      above: 10,
      description:
        'Functions were throttled more than 10 times in a minute. A function that Cordon ' +
        'contains (see cordon status) is throttled on purpose; for another, raise its concurrency.',
    });
  }

  private systemAlarms(alerts: Alerts, pollFailed: Metric): void {
    alerts.whenAny(spent('own'), {
      id: 'AppTokenBudget',
      description:
        'App: a user has used up the tokens of the day. Look who asks what, or raise ' +
        'app.ai.dailyTokens.',
    });
    alerts.whenAny(spent('common'), {
      id: 'AppCommonTokenBudget',
      description:
        'App: all users together have used up the tokens of the day, and no question is answered ' +
        'until midnight (UTC). Look who asks what, or raise app.ai.dailyTokensOfAll.',
    });
    alerts.whenAny(pushFailed, {
      id: 'AppPushFailed',
      description:
        'App: a push to Salesforce failed. GET /salesforce/sync/{id} has its reason; the ' +
        'customers wait for the next one.',
    });
    alerts.whenAny(pollFailed, {
      id: 'AppPollFailed',
      description:
        'App: a poll of Salesforce failed. Customers are not updated since the last that worked; ' +
        'the log of SalesforcePoll has the reason.',
    });
  }

  private page(graphs: readonly Graph[]): void {
    const { dashboardName } = this;
    new Dashboard(this, 'Dashboard', { dashboardName, widgets: [graphWidgets(graphs)] });
  }
}

const requestGraphs = ({ gateway, functions, queues }: AppWatchProps): Graph[] => {
  const stage = gateway.deploymentStage;
  return [
    [
      'Requests',
      [stage.metricCount(sum), stage.metricClientError(sum), stage.metricServerError(sum)],
    ],
    [
      'Latency',
      ['p50', 'p99'].map((statistic) => stage.metricLatency({ ...everyMinute, statistic })),
    ],
    [
      'Calls of the functions',
      functions.entries.map(([, lambda]) => lambda.metricInvocations(sum)),
    ],
    ['Errors and throttles', [failed, throttled]],
    ['Age of the oldest message', [queues.questions.age, queues.pushes.age]],
  ];
};

const systemGraphs = (pollFailed: Metric): Graph[] => [
  [
    'Salesforce',
    [
      ...['PollsStopped', 'ContactsUnreadable', 'SalesforceCallsUsed'].map((name) =>
        counted('SalesforcePoll', name),
      ),
      pollFailed,
      pushFailed,
    ],
  ],
  [
    'Questions',
    ['QuestionsAnswered', 'QuestionsFailed', 'ModelUnavailable'].map((name) =>
      counted('AIWorker', name),
    ),
  ],
  ['Tokens', [counted('AIWorker', 'TokensUsed'), spent('own'), spent('common')]],
];
