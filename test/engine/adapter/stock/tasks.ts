// Differences in tasks of ECS and in the states that wait for them.
import {
  DescribeExecutionCommand,
  type ExecutionStatus,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { writeServices } from '../../../../local/engine/services/provide.ts';
import { signedGet } from '../../../../local/engine/signed-request.ts';
import { ecs } from '../signed-call.ts';
import { deploy, makeMachine, runMachine, taskParameters } from '../world.ts';
import { type Difference, lastAnswer, type ObservedEngine } from './difference.ts';

const of = (Type: string, Properties: object = {}) => ({ Type, Properties });

/** An image whose container would run for minutes. The stock engine runs nothing for it. */
const waiting = 'waiting:1';
const providesWaiting = ({ runDir }: ObservedEngine): void =>
  writeServices(runDir, { images: { [waiting]: { command: ['sleep', '600'] } } });

/** A task definition in a cluster of its own; nobody has its image unless said. */
const taskOf = (
  engine: ObservedEngine,
  name: string,
  Image = 'of-nobody:1',
): Promise<Record<string, string>> =>
  deploy(
    engine,
    name,
    {
      Cluster: of('AWS::ECS::Cluster', { ClusterName: name }),
      Task: of('AWS::ECS::TaskDefinition', {
        Family: name,
        NetworkMode: 'awsvpc',
        RequiresCompatibilities: ['FARGATE'],
        Cpu: '256',
        Memory: '512',
        ContainerDefinitions: [{ Name: 'main', Image, Essential: true }],
      }),
    },
    { Task: { Value: { Ref: 'Task' } } },
  );

const running = (resource: string, name: string, task: string | undefined, state: object = {}) => ({
  StartAt: 'Run',
  States: {
    Run: {
      Type: 'Task',
      Resource: `arn:aws:states:::ecs:${resource}`,
      Parameters: taskParameters(name, task),
      ...state,
      End: true,
    },
  },
});

const realTasks: Difference = {
  correction: 'real_tasks',
  still: 'reports a task as running that nobody has started',
  observe: async (engine) => {
    const name = 'real-tasks';
    const { Task } = await taskOf(engine, name);
    const { output = '' } = await runMachine(engine, name, running('runTask', name, Task));
    return output.includes('"RUNNING"') && !output.includes('PROVISIONING');
  },
  stock: true,
  aws: false,
};

const taskOutcomes: Difference = {
  correction: 'task_outcomes',
  still: 'lets no state fail with its task',
  observe: async (engine) => {
    const name = 'task-outcomes';
    const { Task } = await taskOf(engine, name);
    const sfn = new SFNClient(engine.client());
    const stateMachineArn = await makeMachine(engine, name, running('runTask.sync', name, Task));
    const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn }));
    const described = await lastAnswer(
      engine,
      () => sfn.send(new DescribeExecutionCommand({ executionArn })),
      ({ status }) => status !== ('RUNNING' satisfies ExecutionStatus),
    );
    return { status: described.status, error: described.error };
  },
  stock: { status: 'RUNNING', error: undefined },
  aws: { status: 'FAILED', error: 'States.TaskFailed' },
};

const taskCredentials: Difference = {
  correction: 'task_credentials',
  still: 'gives keys of a task to whoever asks for some',
  observe: async (engine) => (await signedGet(engine, '/v2/credentials/of-nobody')).status,
  stock: 200,
  aws: 404,
};

/** How many tasks of a cluster run or shall run. */
const runningTasks = async (engine: ObservedEngine, cluster: string): Promise<number> => {
  const listed = await ecs(engine, 'ListTasks', { cluster, desiredStatus: 'RUNNING' });
  return listed.split(':task/').length - 1;
};

const abandonedTasks: Difference = {
  correction: 'abandoned_tasks',
  still: 'lets a task go on after the state that waited for it',
  observe: async (engine) => {
    const name = 'abandoned-tasks';
    providesWaiting(engine);
    const { Task } = await taskOf(engine, name, waiting);
    const machine = running('runTask.sync', name, Task, { TimeoutSeconds: 2 });
    const { error } = await runMachine(engine, name, machine);
    const left = await lastAnswer(
      engine,
      () => runningTasks(engine, name),
      (count) => count === 0,
    );
    return { error, left };
  },
  stock: { error: 'States.Timeout', left: 1 },
  aws: { error: 'States.Timeout', left: 0 },
};

const busyClusters: Difference = {
  correction: 'busy_clusters',
  still: 'deletes a cluster whose tasks run',
  observe: async (engine) => {
    const name = 'busy-clusters';
    providesWaiting(engine);
    const { Task } = await taskOf(engine, name, waiting);
    await runMachine(engine, name, running('runTask', name, Task));
    return (await ecs(engine, 'DeleteCluster', { cluster: name })).slice(0, 3);
  },
  stock: '200',
  aws: '400',
};

export const tasks: readonly Difference[] = [
  realTasks,
  taskOutcomes,
  taskCredentials,
  abandonedTasks,
  busyClusters,
];
