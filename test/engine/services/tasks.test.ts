// How tasks of ECS end, in every way that they can: each is a shell on this machine.
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStackEventsCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processes } from '../../../local/engine/processes.ts';
import { writeServices } from '../../../local/engine/services/provide.ts';
import { canMount, mountSmallDisk } from '../../support/local/small-disk.ts';
import { type Engine, startEngine } from '../adapter/engine.ts';
import { ecs } from '../adapter/signed-call.ts';
import { deploy, eventually, makeMachine, runMachine, taskParameters } from '../adapter/world.ts';

const of = (Type: string, Properties: object = {}) => ({ Type, Properties });
const cluster = 'tasks';

const definitionOf = (Family: string, container: object) =>
  of('AWS::ECS::TaskDefinition', {
    Family,
    RequiresCompatibilities: ['FARGATE'],
    NetworkMode: 'awsvpc',
    Cpu: '256',
    Memory: '512',
    ContainerDefinitions: [
      {
        Name: 'shell',
        Image: 'cordon/shell:1',
        Essential: true,
        LogConfiguration: {
          LogDriver: 'awslogs',
          Options: {
            'awslogs-group': { Ref: 'Logs' },
            'awslogs-region': 'us-east-1',
            'awslogs-stream-prefix': 'task',
          },
        },
        ...container,
      },
    ],
  });

const template = {
  Logs: of('AWS::Logs::LogGroup', { LogGroupName: '/ecs/tasks' }),
  Cluster: of('AWS::ECS::Cluster', { ClusterName: cluster }),
  Task: definitionOf('task', {}),
  Entered: definitionOf('entered', {
    Image: 'cordon/words:1',
    EntryPoint: ['/bin/echo', 'entry point'],
  }),
};

let engine: Engine;
let definition: string | undefined;
let entered: string | undefined;
beforeAll(async () => {
  engine = await startEngine();
  // The last word is not used: by it, the processes of this run are told from others.
  const command = ['/bin/sh', '-c', 'eval "$DO"', join(engine.runDir, 'task')];
  const words = { command: ['/bin/echo', 'image'], arguments: ['words of the image'] };
  writeServices(engine.runDir, {
    images: { 'cordon/shell:1': { command }, 'cordon/words:1': words },
  });
  ({ Task: definition, Entered: entered } = await deploy(engine, cluster, template, {
    Task: { Value: { Ref: 'Task' } },
    Entered: { Value: { Ref: 'Entered' } },
  }));
});
afterAll(() => engine?.stop());

/** A state whose task runs this script. */
const running = (script: string, state: object = {}, variables: Record<string, string> = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::ecs:runTask.sync',
  Parameters: {
    ...taskParameters(cluster, definition),
    Overrides: {
      ContainerOverrides: [
        {
          Name: 'shell',
          Environment: Object.entries({ DO: script, ...variables }).map(([Name, Value]) => ({
            Name,
            Value,
          })),
        },
      ],
    },
  },
  ...state,
  End: true,
});
const only = (state: object) => ({ StartAt: 'Run', States: { Run: state } });

/** It runs until it is ended; so does what it starts, which has the same word in its command. */
const waits = 'echo waits; sh -c "sleep 600; :" "$0"';
const ignores = `trap '' TERM; ${waits}`;

const living = () => processes().filter(({ command }) => command.includes(engine.runDir));
const folders = () =>
  readdirSync(join(engine.runDir, 'tmp')).filter((name) => name.startsWith('ministack-service-'));
const nothingIsLeft = () =>
  eventually(
    async () => [...living().map(({ command }) => command), ...folders()],
    (left) => left.length === 0,
  );
const hasStarted = () =>
  eventually(
    async () => living().filter(({ command }) => command.includes('sleep 600; :')),
    (found) => found.some(({ command }) => command.startsWith('sh -c')),
  );
const listed = async (): Promise<readonly string[]> => {
  const answer = await ecs(engine, 'ListTasks', { cluster, desiredStatus: 'RUNNING' });
  return answer.match(/arn:aws:ecs:[^"]+/g) ?? [];
};
const described = async (task: string | undefined): Promise<string> =>
  ecs(engine, 'DescribeTasks', { cluster, tasks: [task] });

const printed = async (): Promise<readonly string[]> => {
  const client = new CloudWatchLogsClient(engine.client());
  const pages = paginateFilterLogEvents({ client }, { logGroupName: '/ecs/tasks' });
  const lines: string[] = [];
  for await (const { events = [] } of pages)
    lines.push(...events.map(({ message = '' }) => message));
  return lines;
};

const sfn = () => new SFNClient(engine.client());
const begin = async (name: string, machine: object): Promise<string | undefined> => {
  const stateMachineArn = await makeMachine(engine, name, machine);
  return (await sfn().send(new StartExecutionCommand({ stateMachineArn }))).executionArn;
};
const endOf = (executionArn: string | undefined) =>
  eventually(
    () => sfn().send(new DescribeExecutionCommand({ executionArn })),
    ({ status }) => status !== 'RUNNING',
  );

test('a task that ends at once has ended well, and its words are in its log group', async () => {
  const { status, output = '{}' } = await runMachine(engine, 'ends', only(running('echo said')));
  expect(status).toBe('SUCCEEDED');
  expect(JSON.parse(output)).toMatchObject({ Containers: [{ Name: 'shell', ExitCode: 0 }] });
  await eventually(printed, (lines) => lines.includes('said'));
  await nothingIsLeft();
});

test('an entry point of the container replaces what its image runs, words included', async () => {
  const state = running('');
  const run = (name: string, words: object) =>
    runMachine(
      engine,
      name,
      only({
        ...state,
        Parameters: {
          ...state.Parameters,
          TaskDefinition: entered,
          Overrides: { ContainerOverrides: [{ Name: 'shell', ...words }] },
        },
      }),
    );
  const ends = await Promise.all([
    run('entered', {}),
    run('entered-words', { Command: ['own words'] }),
  ]);
  expect(ends).toMatchObject([{ status: 'SUCCEEDED' }, { status: 'SUCCEEDED' }]);
  const wanted = ['entry point', 'entry point own words'];
  const lines = await eventually(printed, (said) => wanted.every((words) => said.includes(words)));
  expect(lines.filter((words) => words.includes('image'))).toEqual([]);
  await nothingIsLeft();
});

test('a task that ends with an error fails the state that waits for it', async () => {
  const { error, cause = '{}' } = await runMachine(engine, 'fails', only(running('exit 3')));
  expect(error).toBe('States.TaskFailed');
  expect(JSON.parse(cause)).toMatchObject({ Containers: [{ ExitCode: 3 }] });
  await nothingIsLeft();
});

test('a task with a variable that loads code before it is confined does not start', async () => {
  const task = running('exit 0', {}, { LD_PRELOAD: '/tmp/other.so' });
  const { status, cause = '{}' } = await runMachine(engine, 'loads', only(task));
  expect(status).toBe('FAILED');
  expect(JSON.parse(cause)).toMatchObject({
    StopCode: 'TaskFailedToStart',
    StoppedReason: expect.stringContaining('does not pass the variable LD_PRELOAD'),
  });
  await nothingIsLeft();
});

test('a task may print 10 MB', async () => {
  const script = 'yes xxx | head -c 10000000 | tr -d "\\n" | fold -w 100000';
  const { status } = await runMachine(engine, 'prints', only(running(script)));
  expect(status).toBe('SUCCEEDED');
  const letters = async () => (await printed()).join('').match(/x/g)?.length ?? 0;
  await eventually(letters, (count) => count === 7_500_000);
  await nothingIsLeft();
});

test('a task that neither ends nor hears its signal is ended when it is stopped', async () => {
  const execution = await begin('ignores', only(running(ignores)));
  await hasStarted();
  const [task] = await listed();
  expect(await ecs(engine, 'StopTask', { cluster, task })).toMatch(/^200 /);
  const { status, cause = '{}' } = await endOf(execution);
  expect(status).toBe('FAILED');
  expect(JSON.parse(cause)).toMatchObject({ StopCode: 'UserInitiated' });
  await nothingIsLeft();
  expect(await described(task)).toMatch(/"exitCode": ?137/);
});

test('a task is stopped when the state that waits for it runs out of time', async () => {
  const state = running(waits, { TimeoutSeconds: 3 });
  const { error } = await runMachine(engine, 'late', only(state));
  expect(error).toBe('States.Timeout');
  await nothingIsLeft();
  expect(await listed()).toEqual([]);
});

test('a task is stopped with the execution that waits for it, and none is begun for it', async () => {
  const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 3 }];
  const executionArn = await begin('stopped', only(running(waits, { Retry })));
  await hasStarted();
  const [task] = await listed();
  await sfn().send(new StopExecutionCommand({ executionArn, cause: 'enough' }));
  await nothingIsLeft();
  expect(await described(task)).toMatch(/"lastStatus": ?"STOPPED"/);
  expect(await endOf(executionArn)).toMatchObject({ status: 'ABORTED', cause: 'enough' });
  expect(await listed()).toEqual([]);
});

test('a task is stopped when another branch has failed, which is what the execution tells', async () => {
  const { status, error } = await runMachine(engine, 'beside', {
    StartAt: 'Both',
    States: {
      Both: {
        Type: 'Parallel',
        Branches: [
          only(running(waits)),
          {
            StartAt: 'Wait',
            States: {
              Wait: { Type: 'Wait', Seconds: 2, Next: 'Fail' },
              Fail: { Type: 'Fail', Error: 'Other' },
            },
          },
        ],
        End: true,
      },
    },
  });
  expect({ status, error }).toEqual({ status: 'FAILED', error: 'Other' });
  await nothingIsLeft();
});

test.each([
  ['a task', /^sh -c/],
  ['what holds a task on its leash', /services\/leash\.py/],
])('the state fails when %s is killed', async (what, words) => {
  const script = waits.replace('sh', 'exec sh');
  const execution = await begin(what.replaceAll(' ', '-'), only(running(script)));
  await hasStarted();
  const killed = living().find(({ command }) => words.test(command));
  process.kill(killed?.pid ?? 0, 'SIGKILL');
  const { status, cause = '{}' } = await endOf(execution);
  expect([what, status]).toEqual([what, 'FAILED']);
  expect(JSON.parse(cause)).toMatchObject({
    StopCode: 'EssentialContainerExited',
    Containers: [{ ExitCode: 137 }],
  });
  await nothingIsLeft();
});

test('a stack is not removed while its task runs, and is afterwards', async () => {
  const cloudFormation = new CloudFormationClient(engine.client());
  const StackName = 'removed';
  await deploy(engine, StackName, { Own: of('AWS::ECS::Cluster', { ClusterName: 'own' }) });
  const state = running(waits);
  const Parameters = { ...state.Parameters, Cluster: 'own' };
  const executionArn = await begin('removed', only({ ...state, Parameters }));
  await hasStarted();
  const reasons = async () => {
    const { StackEvents = [] } = await cloudFormation.send(
      new DescribeStackEventsCommand({ StackName }),
    );
    return StackEvents.filter(({ ResourceStatus }) => ResourceStatus === 'DELETE_FAILED').map(
      ({ ResourceStatusReason = '' }) => ResourceStatusReason,
    );
  };
  await cloudFormation.send(new DeleteStackCommand({ StackName }));
  const failures = await eventually(reasons, ({ length }) => length > 0);
  expect(failures).toContainEqual(
    expect.stringMatching(/cannot be deleted while Tasks are active/),
  );
  expect(living()).not.toEqual([]);

  await sfn().send(new StopExecutionCommand({ executionArn }));
  await nothingIsLeft();
  await cloudFormation.send(new DeleteStackCommand({ StackName }));
  await eventually(
    () => ecs(engine, 'DescribeClusters', { clusters: ['own'] }),
    (answer) => !answer.includes('"ACTIVE"'),
  );
});

test.runIf(canMount())('a task that has no disk does not start, and says so', async () => {
  const disk = mountSmallDisk(join(engine.runDir, 'tmp'), 1);
  mkdirSync(join(engine.runDir, 'tmp/root')); // where what is confined sees its files
  disk.fill();
  const { status, cause = '{}' } = await runMachine(engine, 'full', only(running('exit 0')));
  disk.free();
  const left = folders();
  disk.unmount();
  expect(status).toBe('FAILED');
  expect(JSON.parse(cause)).toMatchObject({
    StopCode: 'TaskFailedToStart',
    StoppedReason: expect.stringContaining('No space left on device'),
  });
  expect(left).toEqual([]);
});

test('nobody else gets the keys of a task', async () => {
  const answer = await fetch(`${engine.endpoint}/v2/credentials/of-nobody`);
  expect(answer.status).toBe(404);
});

test('nothing is left of a task when the engine is killed', async () => {
  // The last test of this engine.
  await begin('left', only(running(ignores)));
  await hasStarted();
  const gone = once(engine.process, 'exit');
  engine.process.kill('SIGKILL');
  await gone;
  await nothingIsLeft();
});
