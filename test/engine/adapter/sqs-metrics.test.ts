import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rawMails } from '../../support/engine/inbox.ts';
import { type Engine, startEngine } from './engine.ts';
import { account, eventually, makeFunction, makeRole, policy, runMachine } from './world.ts';

const topic = `arn:aws:sns:us-east-1:${account}:alarms`;

describe('an alarm', () => {
  let engine: Engine;
  let watch: CloudWatchClient;
  let sqs: SQSClient;
  const url = (name: string) => `${engine.endpoint}/${account}/${name}`;
  const state = async (name: string) =>
    (await watch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }))).MetricAlarms?.[0]
      ?.StateValue;
  const becomes = (name: string, wanted: string) =>
    eventually(
      () => state(name),
      (value) => value === wanted,
    );
  const alarm = (
    AlarmName: string,
    Namespace: string,
    MetricName: string,
    Name: string,
    Value: string,
  ) =>
    watch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace,
        MetricName,
        Dimensions: [{ Name, Value }],
        Statistic: 'Maximum',
        // A queue is sampled every second; an execution counts at its end only.
        Period: Namespace === 'AWS/SQS' ? 10 : 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
        AlarmActions: [topic],
      }),
    );

  /** Sum and number of what was counted in the last hour. */
  const totalsOf = async (Namespace: string, MetricName: string, Name: string, Value: string) => {
    const [StartTime, EndTime] = [new Date(Date.now() - 3_600_000), new Date(Date.now() + 60_000)];
    const asked = {
      Namespace,
      MetricName,
      Dimensions: [{ Name, Value }],
      StartTime,
      EndTime,
      Period: 3600,
    };
    const { Datapoints = [] } = await watch.send(
      new GetMetricStatisticsCommand({ ...asked, Statistics: ['Sum', 'SampleCount'] }),
    );
    const total = (key: 'Sum' | 'SampleCount') =>
      Datapoints.reduce((sum, point) => sum + (point[key] ?? 0), 0);
    return [total('Sum'), total('SampleCount')];
  };

  beforeAll(async () => {
    engine = await startEngine();
    watch = new CloudWatchClient(engine.client());
    sqs = new SQSClient({ ...engine.client(), useQueueUrlAsEndpoint: false });
    await new SNSClient(engine.client()).send(new CreateTopicCommand({ Name: 'alarms' }));
    await new SNSClient(engine.client()).send(
      new SubscribeCommand({ TopicArn: topic, Protocol: 'email', Endpoint: 'ops@example.com' }),
    );
    for (const QueueName of ['dead', 'quiet'])
      await sqs.send(new CreateQueueCommand({ QueueName }));
  });
  afterAll(() => engine.stop());

  test('on a dead-letter queue mails within seconds, and its neighbour stays quiet', async () => {
    for (const name of ['dead', 'quiet'])
      await alarm(name, 'AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', name);
    await sqs.send(new SendMessageCommand({ QueueUrl: url('dead'), MessageBody: 'lost' }));

    await becomes('dead', 'ALARM');
    await becomes('quiet', 'OK');
    const mails = await eventually(
      async () => rawMails(engine.runDir),
      ({ length }) => length > 0,
    );
    expect(mails).toEqual([expect.stringContaining('Subject: ALARM: "dead"')]);
  });

  test('is OK again when the queue is empty', async () => {
    await sqs.send(new PurgeQueueCommand({ QueueUrl: url('dead') }));

    await becomes('dead', 'OK');
  });

  test('tells a rule each change of its state, and nothing when it is made', async () => {
    const arnOf = (name: string) => `arn:aws:sqs:us-east-1:${account}:${name}`;
    const sends = {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: '*',
    };
    const onlyTls = {
      ...{ Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: '*' },
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    };
    const Attributes = { Policy: policy(sends, onlyTls) };
    await sqs.send(new CreateQueueCommand({ QueueName: 'hearing', Attributes }));
    await sqs.send(new CreateQueueCommand({ QueueName: 'watched' }));
    const events = new EventBridgeClient(engine.client());
    const EventPattern = JSON.stringify({
      source: ['aws.cloudwatch'],
      'detail-type': ['CloudWatch Alarm State Change'],
      detail: { alarmName: [{ prefix: 'watch' }], state: { value: ['ALARM'] } },
    });
    await events.send(new PutRuleCommand({ Name: 'hearing', EventPattern }));
    const Targets = [{ Id: 't', Arn: arnOf('hearing') }];
    await events.send(new PutTargetsCommand({ Rule: 'hearing', Targets }));
    await alarm(
      ...(['watched', 'AWS/SQS', 'ApproximateNumberOfMessagesVisible'] as const),
      ...(['QueueName', 'watched'] as const),
    );
    await becomes('watched', 'OK');
    await sqs.send(new SendMessageCommand({ QueueUrl: url('watched'), MessageBody: 'x' }));

    const heard = await eventually(
      async () =>
        (await sqs.send(new ReceiveMessageCommand({ QueueUrl: url('hearing') }))).Messages ?? [],
      ({ length }) => length > 0,
    );
    expect(heard.map(({ Body = '' }) => JSON.parse(Body))).toMatchObject([
      {
        source: 'aws.cloudwatch',
        detail: { alarmName: 'watched', state: { value: 'ALARM' }, previousState: { value: 'OK' } },
      },
    ]);
  });

  test('on failed executions fires for its state machine', async () => {
    const failing = { StartAt: 'F', States: { F: { Type: 'Fail', Error: 'E', Cause: 'c' } } };
    const { stateMachineArn = '' } = await runMachine(engine, 'failing', failing);

    await alarm('failed', 'AWS/States', 'ExecutionsFailed', 'StateMachineArn', stateMachineArn);

    await becomes('failed', 'ALARM');
  });

  test('is asked of exact numbers, however many calls come within a second', async () => {
    const lambda = new LambdaClient(engine.client());
    await makeFunction(
      engine,
      'counted',
      'export const handler = async () => 1;',
      await makeRole(engine, 'counted', []),
    );
    const lane = async (): Promise<void> => {
      for (let call = 0; call < 10; call += 1)
        await lambda.send(new InvokeCommand({ FunctionName: 'counted' }));
    };
    await Promise.all([lane(), lane(), lane()]);

    const totals = (name: string) => totalsOf('AWS/Lambda', name, 'FunctionName', 'counted');
    expect(await totals('Invocations')).toEqual([30, 30]);
    expect(await totals('Errors')).toEqual([0, 30]);
  });

  test('counts whether an undelivered event reached its dead-letter queue', async () => {
    const events = new EventBridgeClient(engine.client());
    const arnOf = (name: string) => `arn:aws:sqs:us-east-1:${account}:${name}`;
    const sends = {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: '*',
    };
    await sqs.send(
      new CreateQueueCommand({ QueueName: 'open', Attributes: { Policy: policy(sends) } }),
    );
    await sqs.send(new CreateQueueCommand({ QueueName: 'closed' }));
    for (const name of ['open', 'closed']) {
      const target = { Id: 't', Arn: arnOf('missing'), DeadLetterConfig: { Arn: arnOf(name) } };
      await events.send(
        new PutRuleCommand({ Name: name, EventPattern: JSON.stringify({ source: [name] }) }),
      );
      await events.send(new PutTargetsCommand({ Rule: name, Targets: [target] }));
      await events.send(
        new PutEventsCommand({ Entries: [{ Source: name, DetailType: 'd', Detail: '{}' }] }),
      );
    }

    const letters = (name: string) =>
      Promise.all(
        ['FailedInvocations', 'InvocationsSentToDlq', 'InvocationsFailedToBeSentToDlq'].map(
          async (metric) => (await totalsOf('AWS/Events', metric, 'RuleName', name))[0],
        ),
      );
    expect({ open: await letters('open'), closed: await letters('closed') }).toEqual({
      open: [1, 1, 0],
      closed: [1, 0, 1],
    });
  });
});
