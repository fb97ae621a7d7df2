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

interface MachineSpec {
  readonly id: string;
  /** Its definition, in state-machines/. */
  readonly file: string;
  readonly title: string;
  readonly onFailure: string;
  /** The machines that it starts: their placeholders and ARNs. */
  readonly starts?: Readonly<Record<string, string>>;
}

const specs = {
  incident: {
    id: 'Incident',
    file: 'incident-response',
    title: 'from a finding to a closed incident',
    onFailure:
      'Open it in Step Functions, read which stage failed, contain by hand if that stage ' +
      'was Contain, then redrive it.',
  },
  release: {
    id: 'Release',
    file: 'release',
    title: 'release of an incident',
    onFailure:
      'Containment may still be in place. Run cordon show on the incident, then cordon ' +
      'release again.',
  },
  lateAnswer: {
    id: 'LateAnswer',
    file: 'late-answer',
    title: 'late answer, or containment by hand',
    onFailure:
      'The decision was not handed on and nothing was changed. Run the same cordon decide or ' +
      'cordon contain again, or contain without Cordon.',
  },
  holdWatch: {
    id: 'HoldWatch',
    file: 'hold-watch',
    title: 'check of open holds',
    onFailure:
      'Some holds were not checked, and the next check is in an hour. Read the log of ' +
      'WatchLambda: it names them and says why.',
  },
  heartbeat: {
    id: 'Heartbeat',
    file: 'heartbeat',
    title: 'heartbeat',
    onFailure:
      'Containment or its release may not work. The mail and the history of the execution name ' +
      'the step that failed.',
  },
} as const satisfies Readonly<Record<string, MachineSpec>>;

/** The path of a finding, and the way back. */
export class Machines extends Construct {
  readonly incident: StateMachine;
  readonly release: StateMachine;
  /** Takes an answer to a question that is over, and what a person wants contained. */
  readonly lateAnswer: StateMachine;
  /** Checks what is contained, again and again. */
  readonly holdWatch: StateMachine;
  /** Has a canary contained and released, and looks that both work. */
  readonly heartbeat: StateMachine;

  constructor(scope: Construct, id: string, { config, responders, alerts }: MachinesProps) {
    super(scope, id);
    const shared = sharedProps({ config, responders, alerts });
    const make = ({ file, starts = {}, ...named }: MachineSpec): Machine =>
      new Machine(this, named.id, {
        ...shared,
        ...named,
        file: join(folder, `${file}.asl.json`),
        substitutions: { ...shared.substitutions, ...starts },
        resources: { ...shared.resources, machines: starts },
      });
    const incident = make(specs.incident);
    const release = make(specs.release);
    const lateAnswer = make({
      ...specs.lateAnswer,
      starts: { IncidentMachine: incident.machine.stateMachineArn },
    });
    const holdWatch = make(specs.holdWatch);
    const heartbeat = make({
      ...specs.heartbeat,
      starts: { ReleaseMachine: release.machine.stateMachineArn },
    });
    for (const { calls, machine } of [incident, release, lateAnswer, holdWatch, heartbeat])
      for (const name of calls) responders.policyOf(name).calledByRole(machine.role.roleArn);
    this.incident = incident.machine;
    this.release = release.machine;
    this.lateAnswer = lateAnswer.machine;
    this.holdWatch = holdWatch.machine;
    this.heartbeat = heartbeat.machine;
    watchContainment(responders, alerts);
  }

  get all(): Pick<Machines, 'incident' | 'release' | 'lateAnswer'> {
    const { incident, release, lateAnswer } = this;
    return { incident, release, lateAnswer };
  }
}

/** What all machines are made with. */
const sharedProps = ({ config, responders, alerts }: MachinesProps) => {
  const functions = Object.fromEntries(
    [...responders.byName].map(([name, { functionArn }]) => [name, functionArn]),
  );
  return {
    alerts,
    logRetention: config.logRetentionDays,
    substitutions: {
      ...functions,
      Topic: alerts.topic.topicArn,
      ...retries,
      // The first that names an error decides: slow reads have few tries before a person is
      // asked, and many after a person's yes.
      BeforeAsking: [...retries.SlowReads, ...retries.Persistently],
    },
    resources: {
      functions,
      topic: alerts.topic.topicArn,
      topicKey: alerts.key.keyArn,
    },
  };
};

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
