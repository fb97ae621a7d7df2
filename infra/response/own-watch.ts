import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Config } from '../config.ts';
import type { Alerts } from '../shared/alerts.ts';
import type { FindingIntake } from './finding-intake.ts';
import { Heartbeat, heartbeatHours } from './heartbeat.ts';
import { IncidentDashboard } from './incident-dashboard.ts';
import type { Machines } from './machines.ts';
import type { OwnParts } from './own-parts.ts';
import type { Responders } from './responders.ts';
import { SelfCheck } from './self-check.ts';
import { TamperWatch } from './tamper-watch.ts';

export interface OwnWatchProps extends Pick<OwnParts, 'tamperQueue' | 'webhook'> {
  readonly alerts: Alerts;
  readonly responders: Responders;
  readonly machines: Machines;
  readonly intake: FindingIntake;
  readonly config: Config;
}

/** What notices that Cordon itself is changed, fails or falls silent; returns its page. */
export const watchItself = (
  scope: Construct,
  { alerts, responders, machines, intake, tamperQueue, webhook, config }: OwnWatchProps,
): string => {
  const { deadLetters } = intake;
  const { policySuffix: suffix } = config;
  const everyHours = heartbeatHours(config);
  new TamperWatch(scope, 'TamperWatch', {
    alerts,
    queue: tamperQueue,
    teller: responders.named('TamperLambda'),
    deadLetters,
  });
  new SelfCheck(scope, 'SelfCheck', {
    checker: responders.named('CheckLambda'),
    policy: responders.policyOf('CheckLambda'),
    alerts,
    deadLetters,
    suffix,
  });
  const { heartbeat: machine } = machines;
  if (everyHours !== null)
    new Heartbeat(scope, 'Heartbeat', { machine, everyHours, alerts, deadLetters });
  webhook?.tellAlarms(scope, Stack.of(scope).stackName, deadLetters);
  // After the others, so that it shows their alarms, too.
  const dashboard = new IncidentDashboard(scope, 'Dashboard', {
    containment: responders.named('ContainmentLambda'),
    functions: [...responders.byName.values()],
    machines: [...Object.values(machines.all), machines.holdWatch],
    heartbeat: machine,
    deadLetters,
    alarms: alerts.alarms,
    suffix,
  });
  return dashboard.dashboardName;
};
