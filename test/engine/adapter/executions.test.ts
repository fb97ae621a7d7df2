import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeExecutionCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from './engine.ts';
import {
  account,
  eventually,
  makeFunction,
  makeMachine,
  makeRole,
  outcome,
  printedAfter,
  runMachine,
} from './world.ts';

const task = (resource: string, more: object) => ({
  QueryLanguage: 'JSONata',
  StartAt: 'T',
  States: { T: { Type: 'Task', Resource: `arn:aws:states:::${resource}`, ...more, End: true } },
});
const waiting = (functionName: string, more: object = {}) =>
  task('lambda:invoke.waitForTaskToken', {
    Arguments: {
      FunctionName: functionName,
      Payload: { token: '{% $states.context.Task.Token %}' },
    },
    TimeoutSeconds: 60,
    ...more,
  });

let engine: Engine;
let sfn: SFNClient;
beforeAll(async () => {
  engine = await startEngine();
  sfn = new SFNClient(engine.client());
  const role = await makeRole(engine, 'fn', []);
  await makeFunction(engine, 'quiet', 'export const handler = async () => 1;', role);
  const telling = `export const handler = async ({ token }) => console.log('token', token);`;
  await makeFunction(engine, 'telling', telling, role);
  await makeFunction(
    engine,
    'slow',
    'export const handler = () => new Promise((done) => setTimeout(done, 50000));',
    role,
  );
  await makeFunction(
    engine,
    'broken',
    `class MailError extends Error { name = 'MailError'; }
     export const handler = async () => { throw new MailError('no'); };`,
    role,
  );
  await makeFunction(
    engine,
    'flaky',
    `import { existsSync, writeFileSync } from 'node:fs';
export const handler = async ({ mark }) => {
  const file = process.env.TMPDIR + '/' + mark;
  if (existsSync(file)) return 'second';
  writeFileSync(file, '');
  throw Object.assign(new Error('first'), { name: 'Transient' });
};`,
    role,
  );
});
afterAll(() => engine.stop());

describe('a callback task', () => {
  test('fails at once with the error of its function', async () => {
    const execution = await runMachine(engine, 'throwing-callback', waiting('broken'));

    expect(execution).toMatchObject({ status: 'FAILED', error: 'MailError' });
  });

  test('fails without a heartbeat, and continues with heartbeats', async () => {
    const silent = await runMachine(engine, 'silent', waiting('quiet', { HeartbeatSeconds: 1 }));
    expect(silent).toMatchObject({ status: 'FAILED', error: 'States.HeartbeatTimeout' });

    // The function is warm from here on: without its token no heartbeat can be sent.
    await new LambdaClient(engine.client()).send(
      new InvokeCommand({ FunctionName: 'telling', Payload: '{"token":""}' }),
    );
    const running = runMachine(engine, 'beating', waiting('telling', { HeartbeatSeconds: 5 }));
    const taskToken = await eventually(
      async () => (await printedAfter(engine, 'telling', 'token')).at(-1) ?? '',
      (token) => token !== '',
    );
    for (const end = Date.now() + 6_000; Date.now() < end; await sleep(200))
      await sfn.send(new SendTaskHeartbeatCommand({ taskToken }));
    await sfn.send(new SendTaskSuccessCommand({ taskToken, output: '"alive"' }));
    expect(await running).toMatchObject({ status: 'SUCCEEDED', output: '"alive"' });
  });

  test('knows that a token is made up', async () => {
    expect(await outcome(sfn.send(new SendTaskHeartbeatCommand({ taskToken: 'made-up' })))).toBe(
      'TaskDoesNotExist',
    );
  });
});

describe('a time limit', () => {
  test('of a task may be an expression', async () => {
    const limited = task('lambda:invoke', {
      Arguments: { FunctionName: 'slow', Payload: {} },
      TimeoutSeconds: '{% $states.input.limit %}',
    });

    expect(await runMachine(engine, 'limited', limited, { limit: 1 })).toMatchObject({
      status: 'FAILED',
      error: 'States.Timeout',
    });
  });

  test('of a state machine ends the execution', async () => {
    const waits = {
      QueryLanguage: 'JSONata',
      TimeoutSeconds: 1,
      StartAt: 'W',
      States: { W: { Type: 'Wait', Seconds: 60, End: true } },
    };

    const execution = await runMachine(engine, 'overdue', waits);

    expect(execution).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
  });

  test('of a state machine leaves no thread behind when its execution ended before', async () => {
    const threads = () =>
      Number(
        execFileSync('ps', ['-o', 'nlwp=', '-p', String(engine.process.pid)], { encoding: 'utf8' }),
      );
    const machine = await makeMachine(engine, 'short', {
      TimeoutSeconds: 3600,
      StartAt: 'P',
      States: { P: { Type: 'Pass', End: true } },
    });
    const before = threads();

    const started = await Promise.all(
      Array.from({ length: 20 }, () =>
        sfn.send(new StartExecutionCommand({ stateMachineArn: machine })),
      ),
    );
    for (const { executionArn } of started)
      await eventually(
        () => sfn.send(new DescribeExecutionCommand({ executionArn })),
        (execution) => execution.status === 'SUCCEEDED',
      );

    await eventually(
      async () => threads() - before,
      (more) => more < 10,
    );
  });
});

describe('a retry', () => {
  test('waits no longer than MaxDelaySeconds', async () => {
    const retry = [
      {
        ErrorEquals: ['Transient'],
        // Longer than this test waits for an end, however the jitter falls.
        IntervalSeconds: 1_000_000,
        MaxDelaySeconds: 1,
        BackoffRate: 2,
        JitterStrategy: 'FULL',
      },
    ];
    const machine = task('lambda:invoke', {
      Arguments: { FunctionName: 'flaky', Payload: { mark: 'm' } },
      Output: '{% $states.result.Payload %}',
      Retry: retry,
    });

    const execution = await runMachine(engine, 'retrying', machine);

    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: '"second"' });
  });
});

describe('the services that a machine calls', () => {
  test('publish and write with JSONata, and know the execution', async () => {
    await new SNSClient(engine.client()).send(new CreateTopicCommand({ Name: 't' }));
    const dynamo = new DynamoDBClient(engine.client());
    const key = {
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' as const }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
    };
    await dynamo.send(
      new CreateTableCommand({ TableName: 'cases', BillingMode: 'PAY_PER_REQUEST', ...key }),
    );
    const pk = { S: '{% $states.input.id %}' };
    const machine = {
      QueryLanguage: 'JSONata',
      StartAt: 'Put',
      States: {
        Put: {
          Type: 'Task',
          Resource: 'arn:aws:states:::dynamodb:putItem',
          Arguments: {
            TableName: 'cases',
            Item: {
              pk,
              by: { S: '{% $states.context.Execution.Id %}' },
              at: { S: '{% $states.context.Execution.StartTime %}' },
            },
          },
          Output: '{% $states.input %}',
          Next: 'Update',
        },
        Update: {
          Type: 'Task',
          Resource: 'arn:aws:states:::dynamodb:updateItem',
          Arguments: {
            TableName: 'cases',
            Key: { pk },
            UpdateExpression: 'SET done = :d',
            ExpressionAttributeValues: { ':d': { BOOL: true } },
          },
          Output: '{% $states.input %}',
          Next: 'Wait',
        },
        Wait: { Type: 'Wait', Seconds: '{% $states.input.lag %}', Next: 'Tell' },
        Tell: {
          Type: 'Task',
          Resource: 'arn:aws:states:::sns:publish',
          Arguments: {
            TopicArn: `arn:aws:sns:us-east-1:${account}:t`,
            Subject: 'done',
            Message: '{% "case " & $states.input.id %}',
          },
          Output: '{% $states.result.MessageId %}',
          End: true,
        },
      },
    };

    const execution = await runMachine(engine, 'services', machine, { id: 'c1', lag: 1 });

    expect(execution.status).toBe('SUCCEEDED');
    expect(execution.output).toMatch(/^"[0-9a-f-]{36}"$/);
    const { Item } = await dynamo.send(
      new GetItemCommand({ TableName: 'cases', Key: { pk: { S: 'c1' } } }),
    );
    expect(Item).toMatchObject({
      by: { S: execution.executionArn },
      at: { S: expect.stringMatching(/^\d{4}-/) },
      done: { BOOL: true },
    });
    const { startDate, stopDate } = execution;
    expect(Number(stopDate) - Number(startDate)).toBeGreaterThanOrEqual(1_000);
  });
});

test('a mail that SNS refuses fails the task by its name', async () => {
  await new SNSClient(engine.client()).send(new CreateTopicCommand({ Name: 'mails' }));
  const mail = {
    TopicArn: `arn:aws:sns:us-east-1:${account}:mails`,
    Subject: 'x'.repeat(101),
    Message: 'm',
  };

  expect(
    await runMachine(engine, 'refused-mail', task('sns:publish', { Arguments: mail })),
  ).toMatchObject({
    error: 'SNS.InvalidParameterException',
  });
});

describe('StartExecution', () => {
  const start = (stateMachineArn: string, name: string, input: string) =>
    sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }));

  test('with the same name and input answers with the running execution', async () => {
    const machine = await makeMachine(engine, 'once', {
      StartAt: 'W',
      States: { W: { Type: 'Wait', Seconds: 4, End: true } },
    });
    const original = await start(machine, 'inc-1', '{"a":1}');

    expect((await start(machine, 'inc-1', '{"a":1}')).executionArn).toBe(original.executionArn);
    expect(await outcome(start(machine, 'inc-1', '{"a":2}'))).toBe('ExecutionAlreadyExists');
    await eventually(
      () => sfn.send(new DescribeExecutionCommand({ executionArn: original.executionArn })),
      (execution) => execution.status === 'SUCCEEDED',
    );
    expect(await outcome(start(machine, 'inc-1', '{"a":1}'))).toBe('ExecutionAlreadyExists');
  });

  test('refuses input that is no JSON or too large', async () => {
    const machine = await makeMachine(engine, 'strict', {
      StartAt: 'P',
      States: { P: { Type: 'Pass', End: true } },
    });

    expect(await outcome(start(machine, 'a', '{'))).toBe('InvalidExecutionInput');
    expect(await outcome(start(machine, 'b', JSON.stringify('x'.repeat(262_144))))).toBe(
      'ValidationException',
    );
  });
});
