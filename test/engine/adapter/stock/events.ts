// Differences in events, their targets, mails and alarms.
import { readdirSync } from 'node:fs';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  ListMetricsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  CreateEventBusCommand,
  DescribeEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { GuardDutyClient, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import {
  CreateTopicCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Keys } from '../engine.ts';
import { account, allow, eventually, makeRole, outcome, policy, roleKeys } from '../world.ts';
import { type Difference, lastAnswer, type ObservedEngine } from './difference.ts';

const arnOf = (service: string, rest: string) => `arn:aws:${service}:us-east-1:${account}:${rest}`;

const put = async (
  engine: ObservedEngine,
  entry: PutEventsRequestEntry,
  keys?: Keys,
): Promise<string | undefined> => {
  const events = new EventBridgeClient(engine.client(keys));
  const { Entries } = await events.send(new PutEventsCommand({ Entries: [entry] }));
  return Entries?.[0]?.ErrorCode ?? 'ok';
};

const clientOfQueues = (engine: ObservedEngine) =>
  new SQSClient({ ...engine.client(), useQueueUrlAsEndpoint: false });

const makeQueue = async (
  engine: ObservedEngine,
  QueueName: string,
  Policy?: string,
): Promise<string> => {
  const Attributes = Policy ? { Policy } : {};
  await clientOfQueues(engine).send(new CreateQueueCommand({ QueueName, Attributes }));
  return arnOf('sqs', QueueName);
};

const countOf = async (engine: ObservedEngine, queue: string): Promise<number> => {
  const input = { QueueUrl: `${engine.endpoint}/${account}/${queue}`, VisibilityTimeout: 0 };
  const { Messages = [] } = await clientOfQueues(engine).send(new ReceiveMessageCommand(input));
  return Messages.length;
};

/** Send an event through a rule to a target whose dead-letter queue is open to EventBridge. */
const sendTo = async (engine: ObservedEngine, name: string, target: string): Promise<void> => {
  const sends = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: '*',
  };
  const dead = await makeQueue(engine, `${name}-dead`, policy(sends));
  const events = new EventBridgeClient(engine.client());
  await events.send(
    new PutRuleCommand({ Name: name, EventPattern: JSON.stringify({ source: [name] }) }),
  );
  const Targets = [{ Id: 't', Arn: target, DeadLetterConfig: { Arn: dead } }];
  await events.send(new PutTargetsCommand({ Rule: name, Targets }));
  await put(engine, { Source: name, DetailType: 'd', Detail: '{}' });
};

/** Send an event through a rule to the default bus of another region. */
const forwardTo = async (engine: ObservedEngine, name: string, region: string): Promise<void> => {
  const bus = `arn:aws:events:${region}:${account}:event-bus/default`;
  const RoleArn = await makeRole(engine, `${name}-role`, [allow('events:PutEvents', bus)], {
    service: 'events.amazonaws.com',
  });
  const events = new EventBridgeClient(engine.client());
  const EventPattern = JSON.stringify({ source: [name] });
  await events.send(new PutRuleCommand({ Name: name, EventPattern }));
  await events.send(
    new PutTargetsCommand({ Rule: name, Targets: [{ Id: 't', Arn: bus, RoleArn }] }),
  );
  await put(engine, { Source: name, DetailType: 'd', Detail: '{}' });
};

const guardDutyEvents: Difference = {
  correction: 'guardduty_events',
  still: 'refuses findings from every caller, and takes a detail that is no object',
  observe: async (engine) => ({
    finding: await put(engine, {
      Source: 'aws.guardduty',
      DetailType: 'GuardDuty Finding',
      Detail: '{"severity":8}',
    }),
    malformed: await put(engine, { Source: 'stock.test', DetailType: 'd', Detail: '[1]' }),
  }),
  stock: { finding: 'NotAuthorizedForSourceException', malformed: 'ok' },
  aws: { finding: 'ok', malformed: 'MalformedDetail' },
};

const guardDutyFindings: Difference = {
  correction: 'guardduty_findings',
  still: 'has no GuardDuty, so no finding can be asked for',
  observe: async (engine) => {
    const guardDuty = new GuardDutyClient(engine.client());
    return outcome(guardDuty.send(new ListDetectorsCommand({})));
  },
  stock: 'Unknown',
  aws: 'ok',
};

const busPolicies: Difference = {
  correction: 'bus_policies',
  still: 'neither keeps nor evaluates the policy of an event bus',
  observe: async (engine) => {
    const [Name, events] = ['policed', new EventBridgeClient(engine.client())];
    await events.send(new CreateEventBusCommand({ Name }));
    const keys = await roleKeys(engine, 'policed-caller', [allow('events:PutEvents')]);
    const publish = () =>
      outcome(
        put(engine, { EventBusName: Name, Source: 's', DetailType: 't', Detail: '{}' }, keys),
      );
    const withoutPolicy = await publish();
    const deny = {
      Sid: 'd',
      Effect: 'Deny',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: '*',
    };
    await events.send(new PutPermissionCommand({ EventBusName: Name, Policy: policy(deny) }));
    const { Policy = '{}' } = await events.send(new DescribeEventBusCommand({ Name }));
    const { Statement = [] } = JSON.parse(Policy);
    return { withoutPolicy, kept: Statement[0]?.Effect, denied: await publish() };
  },
  stock: { withoutPolicy: 'ok', kept: 'Allow', denied: 'ok' },
  aws: { withoutPolicy: 'ok', kept: 'Deny', denied: 'AccessDeniedException' },
};

const ruleTargets: Difference = {
  correction: 'rule_targets',
  still: 'loses an event whose target does not exist',
  observe: async (engine) => {
    await sendTo(engine, 'undelivered', arnOf('states', 'stateMachine:missing'));
    return lastAnswer(
      engine,
      () => countOf(engine, 'undelivered-dead'),
      (count) => count > 0,
    );
  },
  stock: 0,
  aws: 1,
};

const targetPermissions: Difference = {
  correction: 'target_permissions',
  still: 'delivers to a queue whose policy does not let EventBridge send',
  observe: async (engine) => {
    await sendTo(engine, 'unpermitted', await makeQueue(engine, 'unpermitted'));
    return eventually(
      async () => ({
        target: await countOf(engine, 'unpermitted'),
        deadLetters: await countOf(engine, 'unpermitted-dead'),
      }),
      ({ target, deadLetters }) => target + deadLetters > 0,
    );
  },
  stock: { target: 1, deadLetters: 0 },
  aws: { target: 0, deadLetters: 1 },
};

const crossRegionEvents: Difference = {
  correction: 'cross_region_events',
  still: 'loses an event for a bus of another region',
  observe: async (engine) => {
    const [name, region] = ['across', 'eu-west-1'];
    const there = new EventBridgeClient({ ...engine.client(), region });
    const queues = new SQSClient({ ...engine.client(), region, useQueueUrlAsEndpoint: false });
    const Principal = { Service: 'events.amazonaws.com' };
    const Attributes = { Policy: policy({ ...allow('sqs:SendMessage'), Principal }) };
    await queues.send(new CreateQueueCommand({ QueueName: name, Attributes }));
    const Arn = `arn:aws:sqs:${region}:${account}:${name}`;
    const EventPattern = JSON.stringify({ source: [name] });
    await there.send(new PutRuleCommand({ Name: name, EventPattern }));
    await there.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: 't', Arn }] }));
    await forwardTo(engine, name, region);
    const input = { QueueUrl: `${engine.endpoint}/${account}/${name}`, VisibilityTimeout: 0 };
    return lastAnswer(
      engine,
      async () => (await queues.send(new ReceiveMessageCommand(input))).Messages?.length ?? 0,
      (count) => count > 0,
    );
  },
  stock: 0,
  aws: 1,
};

const snsEmail: Difference = {
  correction: 'sns_email',
  still: 'sends no mail, and takes a subject that SNS refuses',
  observe: async (engine) => {
    const sns = new SNSClient(engine.client());
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'mailing' }));
    await sns.send(
      new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'stock@example.com' }),
    );
    const publish = (Subject: string) =>
      outcome(sns.send(new PublishCommand({ TopicArn, Subject, Message: 'm' })));
    const outcomes = { plain: await publish('plain'), tooLong: await publish('x'.repeat(101)) };
    const mails = readdirSync(engine.runDir, { recursive: true }).filter((name) =>
      String(name).endsWith('.eml'),
    );
    return { ...outcomes, hasMail: mails.length > 0 };
  },
  stock: { plain: 'ok', tooLong: 'ok', hasMail: false },
  aws: { plain: 'ok', tooLong: 'InvalidParameterException', hasMail: true },
};

const sqsMetrics: Difference = {
  correction: 'sqs_metrics',
  still: 'publishes no metric of a queue',
  observe: async (engine) => {
    await makeQueue(engine, 'measured');
    const watch = new CloudWatchClient(engine.client());
    const Dimensions = [{ Name: 'QueueName', Value: 'measured' }];
    const metrics = await lastAnswer(
      engine,
      async () =>
        (await watch.send(new ListMetricsCommand({ Namespace: 'AWS/SQS', Dimensions }))).Metrics ??
        [],
      ({ length }) => length > 0,
    );
    return metrics.some(({ MetricName }) => MetricName === 'ApproximateNumberOfMessagesVisible');
  },
  stock: false,
  aws: true,
};

const alarmEvaluation: Difference = {
  correction: 'alarm_evaluation',
  still: 'evaluates an alarm on the metric of another dimension',
  observe: async (engine) => {
    const watch = new CloudWatchClient(engine.client());
    const metric = { Namespace: 'Stock', MetricName: 'M' };
    const limits = {
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      Statistic: 'Maximum',
    } as const;
    const named = (Value: string) => [{ Name: 'Queue', Value }];
    for (const name of ['own', 'neighbour']) {
      const alarm = { ...metric, ...limits, AlarmName: `alarm-${name}`, Dimensions: named(name) };
      await watch.send(
        new PutMetricAlarmCommand({
          ...alarm,
          ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        }),
      );
    }
    const MetricData = [{ MetricName: 'M', Dimensions: named('own'), Value: 5 }];
    await watch.send(new PutMetricDataCommand({ Namespace: 'Stock', MetricData }));
    const stateOf = async (name: string) => {
      const { MetricAlarms } = await watch.send(
        new DescribeAlarmsCommand({ AlarmNames: [`alarm-${name}`] }),
      );
      return MetricAlarms?.[0]?.StateValue;
    };
    return eventually(
      async () => ({ own: await stateOf('own'), neighbour: await stateOf('neighbour') }),
      ({ own }) => own === 'ALARM',
    );
  },
  stock: { own: 'ALARM', neighbour: 'ALARM' },
  aws: { own: 'ALARM', neighbour: 'INSUFFICIENT_DATA' },
};

const alarmEvents: Difference = {
  correction: 'alarm_events',
  still: 'tells no rule that an alarm has changed its state',
  observe: async (engine) => {
    const watch = new CloudWatchClient(engine.client());
    const events = new EventBridgeClient(engine.client());
    const Name = 'alarm-heard';
    const sends = { ...allow('sqs:SendMessage'), Principal: { Service: 'events.amazonaws.com' } };
    const Arn = await makeQueue(engine, Name, policy(sends));
    const EventPattern = JSON.stringify({
      'detail-type': ['CloudWatch Alarm State Change'],
      detail: { alarmName: [Name], state: { value: ['ALARM'] } },
    });
    await events.send(new PutRuleCommand({ Name, EventPattern }));
    await events.send(new PutTargetsCommand({ Rule: Name, Targets: [{ Id: 't', Arn }] }));
    await watch.send(
      new PutMetricAlarmCommand({
        AlarmName: Name,
        ...{ Namespace: 'Stock', MetricName: 'Heard', Statistic: 'Maximum' },
        ...{ Period: 60, EvaluationPeriods: 1, Threshold: 1 },
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      }),
    );
    await watch.send(
      new SetAlarmStateCommand({ AlarmName: Name, StateValue: 'ALARM', StateReason: 'a test' }),
    );
    return lastAnswer(
      engine,
      () => countOf(engine, Name),
      (count) => count > 0,
    );
  },
  stock: 0,
  aws: 1,
};

export const events: readonly Difference[] = [
  guardDutyEvents,
  guardDutyFindings,
  busPolicies,
  ruleTargets,
  targetPermissions,
  crossRegionEvents,
  snsEmail,
  sqsMetrics,
  alarmEvaluation,
  alarmEvents,
];
