import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { via } from '../shared/grants.ts';
import type { Task } from './definition.ts';

export interface TaskResources {
  /** Placeholder of a function → its ARN. */
  readonly functions: Readonly<Record<string, string>>;
  /** Placeholder of a state machine → its ARN. */
  readonly machines?: Readonly<Record<string, string>>;
  readonly topic: string;
  readonly topicKey: string;
}

/** `${Name}` → `Name`. */
const placeholderIn = (text: unknown): string => /^\$\{(\w+)\}$/.exec(String(text))?.[1] ?? '';

/** The placeholders of the functions that tasks call, each once. */
export const calledFunctions = (tasks: readonly Task[]): readonly string[] => [
  ...new Set(
    tasks
      .filter(({ resource }) => resource.includes(':lambda:invoke'))
      .map((task) => placeholderIn(task.arguments.FunctionName)),
  ),
];

/** What one task needs. */
const needsOf = ({ resource, arguments: given }: Task, at: TaskResources): PolicyStatement[] => {
  const [service = '', action = ''] = resource.replace(/^.*:states:::/, '').split(/[:.]/);
  if (service === 'lambda' && action === 'invoke') {
    const arn = at.functions[placeholderIn(given.FunctionName)];
    if (arn !== undefined)
      return [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [arn] })];
  }
  if (service === 'states' && action === 'startExecution') {
    const arn = at.machines?.[placeholderIn(given.StateMachineArn)];
    if (arn !== undefined)
      return [new PolicyStatement({ actions: ['states:StartExecution'], resources: [arn] })];
  }
  if (service === 'sns' && action === 'publish')
    return [
      new PolicyStatement({ actions: ['sns:Publish'], resources: [at.topic] }),
      new PolicyStatement({
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [at.topicKey],
        conditions: via('sns'),
      }),
    ];
  throw new Error(
    `a state machine calls ${resource}, for which infra/response/task-grants.ts knows no ` +
      'permission',
  );
};

/** The statements that a state machine's tasks need, each once. */
export const taskStatements = (tasks: readonly Task[], at: TaskResources): PolicyStatement[] => {
  const needs = tasks.flatMap((task) => needsOf(task, at));
  return [
    ...new Map(
      needs.map((statement) => [JSON.stringify(statement.toStatementJson()), statement]),
    ).values(),
  ];
};
