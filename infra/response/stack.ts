import { Annotations, Stack, type StackProps } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type Config, nobody } from '../config.ts';
import { Alerts } from '../shared/alerts.ts';
import { deployersOf } from '../shared/deny.ts';
import { stackOutputs } from '../shared/stack-outputs.ts';
import type { ConsoleResources } from './console-resources.ts';
import { entryWarnings } from './entry-warnings.ts';
import { findingIntake } from './finding-intake.ts';
import { heartbeatHours } from './heartbeat.ts';
import { Machines } from './machines.ts';
import { consoleResources, outputsOf } from './outputs.ts';
import { ownParts } from './own-parts.ts';
import { watchItself } from './own-watch.ts';
import { People } from './people.ts';
import { QuarantinePolicies } from './quarantine-policies.ts';
import { responseRecords } from './records.ts';
import { Responders } from './responders.ts';
import { responseSources } from './sources.ts';

export interface ResponseProps extends StackProps {
  readonly config: Config;
  /** The code of a handler, by entry name. */
  readonly code: (entry: string) => Code;
}

/** What a person should know before the deployment. */
const warn = (stack: Stack, config: Config): void => {
  const warnings = entryWarnings(config, Date.now());
  if (config.notify.includes(nobody))
    warnings.push({ id: 'cordon:notify', warning: `notify is ${nobody}: no mail will be sent` });
  for (const { id, warning } of warnings) Annotations.of(stack).addWarningV2(id, warning);
};

/** What answers a finding: rules, state machines, responders, and where their records are kept. */
export class CordonResponse extends Stack {
  /** What the console needs; missing where none is deployed. */
  readonly console: ConsoleResources | undefined;

  constructor(scope: Construct, id: string, { config, code, ...props }: ResponseProps) {
    super(scope, id, {
      description: 'Cordon: contains compromised workloads and keeps the evidence',
      ...props,
    });
    const { policySuffix: suffix, notify, approval } = config;
    const { escalate } = approval;
    warn(this, config);

    const deployers = deployersOf(config.deployers);
    const alerts = new Alerts(this, 'Alerts', { notify, escalate, suffix, deployers });
    const records = responseRecords(this, config);
    const quarantine = new QuarantinePolicies(this, 'Quarantine', { suffix });
    const query = responseSources(this, config, records);
    const own = ownParts(this, { config, code, alerts });
    const responders = new Responders(this, 'Responders', {
      ...{ config, code, alerts, quarantine, query },
      ...own,
      ...records,
    });
    const machines = new Machines(this, 'Machines', { config, responders, alerts });
    const targets = {
      machine: machines.incident,
      holds: { machine: machines.holdWatch, own: responders.changingRoles },
      notifier: responders.named('NotifyLambda'),
      notifierPolicy: responders.policyOf('NotifyLambda'),
    };
    const intake = findingIntake(this, config, targets, alerts);
    const dashboardName = watchItself(this, {
      ...{ config, alerts, responders, machines, intake },
      ...own,
    });
    const people = new People(this, 'People', {
      config,
      ...records,
      ...machines.all,
      drillBus: intake.rules.drillBus,
      custody: responders.named('CustodyLambda'),
    });
    responders.policyOf('CustodyLambda').calledByRole(people.auditor.roleArn);
    own.webhook?.redrivenBy(people.release);
    const shown = { alerts, records, quarantine, query, responders, machines, intake, people };
    const parts = { ...shown, ...own };
    const facts = { HeartbeatHours: String(heartbeatHours(config) ?? 'off') };
    this.console = consoleResources(this, parts, facts);
    stackOutputs(this, {
      ...outputsOf(parts),
      IncidentDashboardName: dashboardName,
      ...facts,
    });
  }
}
