import { join } from 'node:path';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import retries from '../../state-machines/retries.json' with { type: 'json' };
import type { Config } from '../config.ts';
import { type Alerts, everyMinute } from '../shared/alerts.ts';
import { Machine } from './machine.ts';
import type { Responders } from './responders.ts';

export interface MachinesProps {
  readonly config: Config;
  readonly responders: Responders;
  readonly alerts: Alerts;
}

const folder = join(import.meta.dirname, '../../state-machines');

/** The path of a finding, and the way back. */
export class Machines extends Construct {
  readonly incident: StateMachine;
  readonly release: StateMachine;
  /** Contains after all what was left alone. */
  readonly lateAnswer: StateMachine;

  constructor(scope: Construct, id: string, { config, responders, alerts }: MachinesProps) {
    super(scope, id);
    const functions = Object.fromEntries(
      [...responders.byName].map(([name, { functionArn }]) => [name, functionArn]),
    );
    const shared = {
      alerts,
      logRetention: config.logRetentionDays,
      substitutions: {
        ...functions,
        Topic: alerts.topic.topicArn,
        ...retries,
        // The first that names an error decides: slow reads have few tries before a person is
        // asked, and many after a person's yes.
        BeforeAsking: [...retries.SlowReads, ...retries.Persistently],
        ApprovalTimeoutSeconds: config.approval.timeoutMinutes * 60,
      },
      resources: {
        functions,
        topic: alerts.topic.topicArn,
        topicKey: alerts.key.keyArn,
      },
    };
    this.incident = new Machine(this, 'Incident', {
      ...shared,
      file: join(folder, 'incident-response.asl.json'),
      title: 'from a finding to a closed incident',
      onFailure:
        'Open it in Step Functions, read which stage failed, contain by hand if that stage ' +
        'was Contain, then redrive it.',
    }).machine;
    this.release = new Machine(this, 'Release', {
      ...shared,
      file: join(folder, 'release.asl.json'),
      title: 'release of an incident',
      onFailure:
        'Containment may still be in place. Run cordon show on the incident, then cordon ' +
        'release again.',
    }).machine;
    const incidentArn = this.incident.stateMachineArn;
    this.lateAnswer = new Machine(this, 'LateAnswer', {
      ...shared,
      substitutions: { ...shared.substitutions, IncidentMachine: incidentArn },
      resources: { ...shared.resources, machines: { IncidentMachine: incidentArn } },
      file: join(folder, 'late-answer.asl.json'),
      title: 'containment after all',
      onFailure: 'Nothing was contained. Run the same cordon decide again, or contain by hand.',
    }).machine;
    watchContainment(responders, alerts);
  }

  get all(): Pick<Machines, 'incident' | 'release' | 'lateAnswer'> {
    const { incident, release, lateAnswer } = this;
    return { incident, release, lateAnswer };
  }
}

/** Its failures would otherwise stay unnoticed until it is too late to contain. */
const watchContainment = (responders: Responders, alerts: Alerts): void => {
  const contain = responders.named('ContainmentLambda');
  alerts.whenAny(contain.metricErrors(everyMinute), {
    id: 'ContainmentErrors',
    description:
      'Cordon: ContainmentLambda failed. Read its log for the finding, and contain by hand if ' +
      'no incident was opened for it.',
  });
  alerts.whenAny(contain.metricThrottles(everyMinute), {
    id: 'ContainmentThrottled',
    description:
      'Cordon: ContainmentLambda was throttled; findings wait and are retried. Look for a ' +
      'flood of findings, or raise its concurrency.',
  });
};
