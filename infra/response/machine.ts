import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  DefinitionBody,
  LogLevel,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge } from '../shared/acknowledge.ts';
import { type Alerts, everyMinute } from '../shared/alerts.ts';
import { path } from '../shared/names.ts';
import { loadDefinition, type Substitutions, tasksOf } from './definition.ts';
import { calledFunctions, type TaskResources, taskStatements } from './task-grants.ts';

export interface MachineProps {
  /** The Amazon States Language file. */
  readonly file: string;
  readonly title: string;
  readonly substitutions: Substitutions;
  readonly resources: TaskResources;
  readonly alerts: Alerts;
  /** What a person does when an execution has failed. */
  readonly onFailure: string;
  readonly logRetention: RetentionDays;
}

/** A state machine from its file; its role may do what its tasks do. */
export class Machine extends Construct {
  readonly machine: StateMachine;
  /** The placeholders of the functions that its tasks call. */
  readonly calls: readonly string[];

  constructor(
    scope: Construct,
    id: string,
    { file, title, substitutions, resources, alerts, onFailure, logRetention }: MachineProps,
  ) {
    super(scope, id);
    const { definition, texts } = loadDefinition(file, substitutions);
    const tasks = tasksOf(definition);
    this.calls = calledFunctions(tasks);
    const role = new Role(this, 'Role', {
      path,
      description: `Cordon: ${title}`,
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      inlinePolicies: {
        Tasks: new PolicyDocument({ statements: taskStatements(tasks, resources) }),
      },
    });
    this.machine = new StateMachine(this, 'Machine', {
      definitionBody: DefinitionBody.fromString(JSON.stringify(definition)),
      definitionSubstitutions: texts,
      comment: title,
      stateMachineType: StateMachineType.STANDARD,
      role,
      tracingEnabled: true,
      logs: {
        level: LogLevel.ALL,
        // Findings carry text that the attacker wrote; it stays out of the logs.
        includeExecutionData: false,
        destination: new LogGroup(this, 'Logs', {
          // Below this prefix, AWS needs no entry in the account's resource policy for logs, which
          // has room for few.
          logGroupName: `/aws/vendedlogs/states/${Stack.of(this).stackName}-${id}`,
          retention: logRetention,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      },
    });
    acknowledge(this.machine.role, {
      'IAM5[Resource::*]':
        'Log delivery and X-Ray have no resources to name; AWS documents these statements ' +
        'with a star.',
    });
    const failures = [
      ['Failed', 'failed', this.machine.metricFailed(everyMinute)],
      ['TimedOut', 'timed out', this.machine.metricTimedOut(everyMinute)],
      // Only a person or an intruder stops an execution: nothing of Cordon does.
      ['Aborted', 'was stopped by somebody', this.machine.metricAborted(everyMinute)],
      ['Throttled', 'was throttled', this.machine.metricThrottled(everyMinute)],
    ] as const;
    for (const [name, words, metric] of failures)
      alerts.whenAny(metric, {
        id: `${id}${name}`,
        description: `Cordon: an execution of "${title}" ${words}. ${onFailure}`,
      });
  }
}
