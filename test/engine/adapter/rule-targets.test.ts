import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { AddPermissionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import {
  CreateQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from './engine.ts';
import { account, eventually, makeFunction, makeMachine, makeRole, policy } from './world.ts';

const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:${account}:${rest}`;

/** A queue that EventBridge may send to. */
const openQueue = (engine: Engine, name: string) => {
  const sends = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: arn('sqs', name),
  };
  return new SQSClient(engine.client()).send(
    new CreateQueueCommand({ QueueName: name, Attributes: { Policy: policy(sends) } }),
  );
};

/** A rule `name` for source `name`, whose target has a dead-letter queue of that name. */
const rule = async (
  engine: Engine,
  name: string,
  target: Partial<Target> & { Arn: string },
): Promise<void> => {
  const events = new EventBridgeClient(engine.client());
  await openQueue(engine, name);
  await events.send(
    new PutRuleCommand({ Name: name, EventPattern: JSON.stringify({ source: [name] }) }),
  );
  await events.send(
    new PutTargetsCommand({
      Rule: name,
      Targets: [{ Id: 't', DeadLetterConfig: { Arn: arn('sqs', name) }, ...target }],
    }),
  );
};

const emit = (engine: Engine, source: string, detail: object) =>
  new EventBridgeClient(engine.client()).send(
    new PutEventsCommand({
      Entries: [{ Source: source, DetailType: 'd', Detail: JSON.stringify(detail) }],
    }),
  );

const letters = async (engine: Engine, name: string): Promise<Message[]> => {
  const sqs = new SQSClient({ ...engine.client(), useQueueUrlAsEndpoint: false });
  const input = {
    QueueUrl: `${engine.endpoint}/${account}/${name}`,
    MessageAttributeNames: ['All'],
    WaitTimeSeconds: 1,
  };
  return (await sqs.send(new ReceiveMessageCommand(input))).Messages ?? [];
};

describe('an event that a target cannot take', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.stop());

  const dead = async (
    name: string,
    target: Partial<Target> & { Arn: string },
    detail: object = { a: 1 },
  ) => {
    await rule(engine, name, target);
    await emit(engine, name, detail);
    const [message] = await eventually(
      () => letters(engine, name),
      (messages) => messages.length > 0,
    );
    const attribute = (key: string) => message?.MessageAttributes?.[key]?.StringValue;
    return {
      body: JSON.parse(message?.Body ?? '{}'),
      code: attribute('ERROR_CODE'),
      rule: attribute('RULE_ARN'),
      target: attribute('TARGET_ARN'),
      why: attribute('ERROR_MESSAGE'),
    };
  };

  test('goes to the dead-letter queue, with the reason, when the machine is missing', async () => {
    const letter = await dead('no-machine', { Arn: arn('states', 'stateMachine:missing') });

    expect(letter).toMatchObject({
      code: 'NO_RESOURCE',
      rule: arn('events', 'rule/no-machine'),
      target: arn('states', 'stateMachine:missing'),
    });
    expect(letter.body).toMatchObject({ source: 'no-machine', detail: { a: 1 } });
    expect(letter.why).toContain('does not exist');
  });

  test('goes there when the function or the queue is missing', async () => {
    expect(await dead('no-function', { Arn: arn('lambda', 'function:missing') })).toMatchObject({
      code: 'NO_RESOURCE',
    });
    expect(await dead('no-queue', { Arn: arn('sqs', 'missing') })).toMatchObject({
      code: 'NO_RESOURCE',
    });
  });

  test('goes there when the target does not let EventBridge in', async () => {
    const lambda = new LambdaClient(engine.client());
    const target = await makeFunction(
      engine,
      'closed',
      'export const handler = async () => 1;',
      await makeRole(engine, 'closed', []),
    );
    await new SQSClient(engine.client()).send(new CreateQueueCommand({ QueueName: 'closed' }));
    expect(await dead('closed-function', { Arn: target })).toMatchObject({
      code: 'NO_PERMISSIONS',
    });
    expect(await dead('closed-queue', { Arn: arn('sqs', 'closed') })).toMatchObject({
      code: 'NO_PERMISSIONS',
    });

    const only = {
      Principal: 'events.amazonaws.com',
      Action: 'lambda:InvokeFunction',
      SourceArn: arn('events', 'rule/open-function'),
    };
    await lambda.send(
      new AddPermissionCommand({ FunctionName: 'closed', StatementId: 's', ...only }),
    );
    await rule(engine, 'open-function', { Arn: target });
    await emit(engine, 'open-function', {});
    expect(await letters(engine, 'open-function')).toEqual([]);
  });

  test('goes there when the transformed input is no JSON, or too large for a machine', async () => {
    const machine = await makeMachine(engine, 'idle', {
      StartAt: 'P',
      States: { P: { Type: 'Pass', End: true } },
    });
    const broken = { InputPathsMap: { t: '$.detail.title' }, InputTemplate: '{"title": "<t>"}' };

    expect(
      await dead('broken', { Arn: machine, InputTransformer: broken }, { title: 'a "quote"' }),
    ).toMatchObject({
      code: 'INVALID_JSON',
    });
    expect(await dead('large', { Arn: machine }, { text: 'x'.repeat(300_000) })).toMatchObject({
      code: 'INVALID_PARAMETER',
    });
  });
});

describe('an input transformer', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.stop());

  const received = async (
    name: string,
    transformer: { InputPathsMap?: Record<string, string>; InputTemplate: string },
  ) => {
    const machine = await makeMachine(engine, name, {
      StartAt: 'P',
      States: { P: { Type: 'Pass', End: true } },
    });
    await rule(engine, name, { Arn: machine, InputTransformer: transformer });
    await emit(engine, name, { title: 'a "quote"' });
    const sfn = new SFNClient(engine.client());
    const executions = await eventually(
      async () =>
        (await sfn.send(new ListExecutionsCommand({ stateMachineArn: machine }))).executions ?? [],
      (started) => started.length > 0,
    );
    return JSON.parse(
      (await sfn.send(new DescribeExecutionCommand({ executionArn: executions[0]?.executionArn })))
        .input ?? '',
    );
  };

  test('wraps the whole event beside the names of its rule', async () => {
    const members = [
      '"drill": false',
      '"event": <aws.events.event.json>',
      '"rule": "<aws.events.rule-name>"',
      '"arn": "<aws.events.rule-arn>"',
      '"at": <aws.events.event.ingestion-time>',
    ];
    const template = `{${members.join(', ')}}`;

    const input = await received('wrapped', { InputTemplate: template });

    expect(input).toMatchObject({
      drill: false,
      rule: 'wrapped',
      arn: arn('events', 'rule/wrapped'),
      event: { source: 'wrapped', detail: { title: 'a "quote"' } },
    });
    expect(input.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  test('takes the path $ and gives a bare placeholder as it is', async () => {
    expect(
      await received('bare', { InputPathsMap: { event: '$' }, InputTemplate: '<event>' }),
    ).toMatchObject({ source: 'bare' });
  });
});
