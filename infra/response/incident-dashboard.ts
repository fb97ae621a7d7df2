import { AlarmStatusWidget, Dashboard, type IAlarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { everyMinute } from '../shared/alerts.ts';
import { type Graph, graphWidgets, sum } from '../shared/graphs.ts';

export interface IncidentDashboardProps {
  readonly containment: LambdaFunction;
  readonly functions: readonly LambdaFunction[];
  readonly machines: readonly StateMachine[];
  readonly heartbeat: StateMachine;
  readonly deadLetters: IQueue;
  readonly alarms: readonly IAlarm[];
  readonly suffix: string;
}

const namespace = 'Cordon';
/** What became of a real finding that Cordon contained, as the log of ContainmentLambda says. */
const states = ['contained', 'partial', 'not-contained'] as const;

/** From GuardDuty’s event to the last change that was seen to hold. */
const timeToContain = (statistic: string): Metric =>
  new Metric({ namespace, metricName: 'TimeToContain', statistic, label: statistic });

const containments = (state: string): Metric =>
  new Metric({
    ...{ namespace, metricName: 'Containments', label: state },
    dimensionsMap: { state },
    ...sum,
  });

/** How Cordon is doing, on one page, and how long it takes to contain, as a metric. */
export class IncidentDashboard extends Construct {
  readonly dashboardName: string;

  constructor(scope: Construct, id: string, props: IncidentDashboardProps) {
    super(scope, id);
    this.dashboardName = `cordon-incidents${props.suffix}`;
    this.measure(props.containment);
    const alarms = new AlarmStatusWidget({
      title: 'Alarms',
      alarms: [...props.alarms],
      width: 24,
      height: 4,
    });
    new Dashboard(this, 'Dashboard', {
      dashboardName: this.dashboardName,
      widgets: [[alarms], graphWidgets(graphsOf(props))],
    });
  }

  private measure({ logGroup }: LambdaFunction): void {
    const isReal = FilterPattern.booleanValue('$.drill', false);
    const isContainment = FilterPattern.stringValue('$.message', '=', 'contained');
    new MetricFilter(this, 'TimeToContain', {
      logGroup,
      filterPattern: FilterPattern.all(
        isContainment,
        isReal,
        FilterPattern.numberValue('$.timeToContain', '>=', 0),
      ),
      metricNamespace: namespace,
      metricName: 'TimeToContain',
      metricValue: '$.timeToContain',
    });
    new MetricFilter(this, 'Containments', {
      logGroup,
      filterPattern: FilterPattern.all(isContainment, isReal),
      metricNamespace: namespace,
      metricName: 'Containments',
      metricValue: '1',
      dimensions: { state: '$.state' },
    });
  }
}

const graphsOf = ({
  containment,
  functions,
  machines,
  heartbeat,
  deadLetters,
}: IncidentDashboardProps): readonly Graph[] => [
  ['Time to contain, in milliseconds', ['p50', 'p99', 'Maximum'].map(timeToContain)],
  ['Containments by state', states.map(containments)],
  ['Findings', [containment.metricInvocations(sum), containment.metricThrottles(sum)]],
  ['Errors of the functions', functions.map((own) => own.metricErrors(sum))],
  [
    'Failed executions',
    machines.flatMap((machine) => [
      machine.metricFailed(sum),
      machine.metricTimedOut(sum),
      machine.metricAborted(sum),
    ]),
  ],
  ['Heartbeats', [heartbeat.metricSucceeded(sum), heartbeat.metricFailed(sum)]],
  [
    'Events that could not be delivered',
    [
      deadLetters.metricApproximateNumberOfMessagesVisible({
        ...everyMinute,
        statistic: 'Maximum',
      }),
    ],
  ],
];
