// Differences in how state machines run.
import {
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { makeFunction, makeMachine, makeRole, outcome, runMachine } from '../world.ts';
import { type Difference, lastAnswer, type ObservedEngine } from './difference.ts';

const waitsForMinutes = { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 600, End: true } } };

/** Start a machine; gives how its execution ended, or RUNNING when the patience ended before. */
const endOf = async (engine: ObservedEngine, name: string, definition: object) => {
  const sfn = new SFNClient(engine.client());
  const stateMachineArn = await makeMachine(engine, name, definition);
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn }));
  const { status, error } = await lastAnswer(
    engine,
    () => sfn.send(new DescribeExecutionCommand({ executionArn })),
    (execution) => execution.status !== 'RUNNING',
  );
  if (status === 'RUNNING') await sfn.send(new StopExecutionCommand({ executionArn }));
  return { status, error };
};

const branch = (name: string) => ({
  StartAt: name,
  States: {
    [name]: { Type: 'Pass', Assign: { mine: name }, Next: `${name} ends` },
    [`${name} ends`]: {
      Type: 'Pass',
      Output: '{% $states.input.id & "-" & $outer & "-" & $mine %}',
      End: true,
    },
  },
});

const parallel = {
  QueryLanguage: 'JSONata',
  StartAt: 'Set',
  States: {
    Set: { Type: 'Pass', Assign: { outer: 'seen', mine: 'outer', assigned: 'no' }, Next: 'Both' },
    Both: {
      Type: 'Parallel',
      Arguments: { id: '{% $states.input.incident %}' },
      Branches: [branch('A'), branch('B')],
      Output: { both: '{% $states.result %}' },
      Assign: { assigned: '{% $states.result[0] %}' },
      Next: 'End',
    },
    End: {
      Type: 'Pass',
      Output: { input: '{% $states.input %}', assigned: '{% $assigned %}', mine: '{% $mine %}' },
      End: true,
    },
  },
};

const jsonataParallel: Difference = {
  correction: 'jsonata_parallel',
  still: 'ignores Arguments, Output and Assign of a JSONata Parallel, and mixes its variables',
  observe: async (engine) => {
    const { status, output } = await runMachine(engine, 'parallel', parallel, { incident: 'i1' });
    const { input, assigned, mine } = JSON.parse(output ?? '{}');
    return {
      status,
      hasOutput: Object.hasOwn(Object(input), 'both'),
      assigned,
      isOwn: mine === 'outer',
    };
  },
  stock: { status: 'SUCCEEDED', hasOutput: false, assigned: 'no', isOwn: false },
  aws: { status: 'SUCCEEDED', hasOutput: true, assigned: 'i1-seen-A', isOwn: true },
};

const executionNames: Difference = {
  correction: 'execution_names',
  still: 'refuses a repeated start, and takes input that is no JSON',
  observe: async (engine) => {
    const sfn = new SFNClient(engine.client());
    const stateMachineArn = await makeMachine(engine, 'names', waitsForMinutes);
    const start = (name: string, input: string) =>
      outcome(sfn.send(new StartExecutionCommand({ stateMachineArn, name, input })));
    return {
      start: await start('incident', '{"a":1}'),
      repeat: await start('incident', '{"a":1}'),
      otherInput: await start('incident', '{"a":2}'),
      noJson: await start('no-json', '{'),
    };
  },
  stock: {
    start: 'ok',
    repeat: 'ExecutionAlreadyExists',
    otherInput: 'ExecutionAlreadyExists',
    noJson: 'ok',
  },
  aws: {
    start: 'ok',
    repeat: 'ok',
    otherInput: 'ExecutionAlreadyExists',
    noJson: 'InvalidExecutionInput',
  },
};

const executionTimeouts: Difference = {
  correction: 'execution_timeouts',
  still: 'has no time limit for an execution, and none by expression for a task',
  observe: async (engine) => {
    const role = await makeRole(engine, 'limits', []);
    await makeFunction(engine, 'limits', 'export const handler = async () => 1;', role);
    const Arguments = { FunctionName: 'limits', Payload: {} };
    const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Arguments, End: true };
    const byExpression = { ...task, TimeoutSeconds: '{% 50 + 50 %}' };
    const machine = { QueryLanguage: 'JSONata', StartAt: 'T', States: { T: byExpression } };
    return {
      execution: await endOf(engine, 'limits-execution', { ...waitsForMinutes, TimeoutSeconds: 1 }),
      task: (await runMachine(engine, 'limits-task', machine)).status,
    };
  },
  stock: { execution: { status: 'RUNNING', error: undefined }, task: 'FAILED' },
  aws: { execution: { status: 'TIMED_OUT', error: 'States.Timeout' }, task: 'SUCCEEDED' },
};

const serviceTasks: Difference = {
  correction: 'service_tasks',
  still: 'swallows the error of a callback function, and ignores MaxDelaySeconds',
  observe: async (engine) => {
    const role = await makeRole(engine, 'callbacks', []);
    await makeFunction(
      engine,
      'callbacks',
      "export const handler = async () => { throw new Error('no'); };",
      role,
    );
    const Arguments = {
      FunctionName: 'callbacks',
      Payload: { token: '{% $states.context.Task.Token %}' },
    };
    const callback = {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments,
      End: true,
    };
    const retry = {
      ErrorEquals: ['States.ALL'],
      IntervalSeconds: 600,
      MaxDelaySeconds: 1,
      MaxAttempts: 1,
    };
    const task = {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: 'callbacks' },
    };
    const machine = (state: object) => ({
      QueryLanguage: 'JSONata',
      StartAt: 'T',
      States: { T: state },
    });
    const [swallowed, delayed] = await Promise.all([
      endOf(engine, 'callbacks-swallowed', machine({ ...callback, TimeoutSeconds: 600 })),
      endOf(engine, 'callbacks-delayed', machine({ ...task, Retry: [retry], End: true })),
    ]);
    return { callback: swallowed.status, retry: delayed.status };
  },
  stock: { callback: 'RUNNING', retry: 'RUNNING' },
  aws: { callback: 'FAILED', retry: 'FAILED' },
};

export const executions: readonly Difference[] = [
  jsonataParallel,
  executionNames,
  executionTimeouts,
  serviceTasks,
];
