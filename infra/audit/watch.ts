import { Duration } from 'aws-cdk-lib';
import { Dashboard, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { AuditFunctionName } from '../../protected-app/audit/functions.ts';
import type { Alerts } from '../shared/alerts.ts';
import type { Gateway } from '../shared/gateway.ts';
import { type Graph, graphWidgets, sum } from '../shared/graphs.ts';
import type { AuditFunctions } from './functions.ts';
import type { AuditIntake } from './intake.ts';

export interface AuditWatchProps {
  readonly alerts: Alerts;
  readonly functions: AuditFunctions;
  readonly intake: AuditIntake;
  readonly gateway: Gateway;
  readonly suffix: string;
}

/** Counted by the functions themselves, in the embedded metric format. */
const counted = (service: AuditFunctionName, metricName: string, period = sum.period): Metric =>
  new Metric({
    namespace: 'CordonApp',
    metricName,
    dimensionsMap: { service },
    statistic: 'Sum',
    period,
  });

/** Mails what a person must look at, and shows the rest on one page. */
export class AuditWatch extends Construct {
  readonly dashboardName: string;

  constructor(scope: Construct, id: string, props: AuditWatchProps) {
    super(scope, id);
    const { alerts, functions, intake, gateway, suffix } = props;
    this.dashboardName = `cordon-audit${suffix}`;
    const [ingest, seal] = [functions.named('AuditIngest'), functions.named('AuditSeal')];
    alerts.whenAny(counted('AuditSeal', 'SealGaps'), {
      id: 'AuditGaps',
      description:
        'Audit: an event was changed or removed between its arrival and its seal. The log of ' +
        'AuditSeal and the gaps of the seal name it; CloudTrail says who did it.',
    });
    alerts.whenNone(counted('AuditSeal', 'SealRuns', Duration.hours(1)), {
      id: 'AuditNotSealed',
      hours: 1,
      description:
        'Audit: nothing was sealed for an hour. Events wait and are not lost, but what is ' +
        'changed now is not noticed. Look at AuditSeal and its schedule.',
    });
    alerts.whenAny(seal.metricErrors(sum), {
      id: 'AuditSealErrors',
      description: 'Audit: AuditSeal has failed. Its log says why; the next run tries again.',
    });
    alerts.whenAny(ingest.metricErrors(sum), {
      id: 'AuditIngestErrors',
      description:
        'Audit: AuditIngest has failed as a whole. Its messages are delivered again; its log ' +
        'says why.',
    });
    alerts.whenAny(counted('AuditIngest', 'EventsRetried'), {
      id: 'AuditEventsRetried',
      above: 100,
      description:
        'Audit: more than 100 events in a minute could not be kept at once. They are delivered ' +
        'again for an hour; look at the tables and the key of the audit.',
    });
    alerts.whenAny(gateway.deploymentStage.metricServerError(sum), {
      id: 'AuditApiErrors',
      description:
        'Audit: its API has answered with errors of its own. Nothing is lost; the log of ' +
        'AuditApi says why.',
    });
    const { dashboardName } = this;
    new Dashboard(this, 'Dashboard', { dashboardName, widgets: [graphWidgets(graphs(intake))] });
  }
}

const graphs = ({ age, queue, givenUp }: AuditIntake): Graph[] => [
  [
    'Events',
    ['EventsKept', 'EventsRepeated', 'EventsRefused', 'EventsRetried'].map((name) =>
      counted('AuditIngest', name),
    ),
  ],
  ['Seals', ['SealRuns', 'EventsSealed', 'SealGaps'].map((name) => counted('AuditSeal', name))],
  ['Age of the oldest event', [age]],
  [
    'Events that wait, and messages that were given up',
    [queue, givenUp].map((each) => each.metricApproximateNumberOfMessagesVisible()),
  ],
];
