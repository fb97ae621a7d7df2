import {
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, type Keys, startEngine } from './engine.ts';
import { account, allow, outcome, policy, roleKeys } from './world.ts';

const finding = {
  Source: 'aws.guardduty',
  DetailType: 'GuardDuty Finding',
  Detail: '{"severity":8}',
};

const put = async (
  engine: Engine,
  entries: PutEventsRequestEntry[],
  keys?: Keys,
): Promise<(string | undefined)[]> => {
  const { Entries } = await new EventBridgeClient(engine.client(keys)).send(
    new PutEventsCommand({ Entries: entries }),
  );
  return (Entries ?? []).map((entry) => entry.ErrorCode ?? (entry.EventId && 'accepted'));
};

describe('PutEvents', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.stop());

  test('takes a GuardDuty finding from the root key and refuses it from a role', async () => {
    const keys = await roleKeys(engine, 'publisher', [allow('events:PutEvents')]);

    expect(await put(engine, [finding])).toEqual(['accepted']);
    expect(await put(engine, [finding, { ...finding, Source: 'cordon.test' }], keys)).toEqual([
      'NotAuthorizedForSourceException',
      'accepted',
    ]);
  });

  test('refuses what is malformed, entry by entry, in the order of the request', async () => {
    const own = { ...finding, Source: 'cordon.test' };

    const codes = await put(engine, [
      own,
      { ...own, Detail: '{"a":' },
      { ...own, Detail: '[1]' },
      { ...own, DetailType: '' },
      own,
    ]);

    expect(codes).toEqual([
      'accepted',
      'MalformedDetail',
      'MalformedDetail',
      'InvalidArgument',
      'accepted',
    ]);
    expect(await put(engine, [{ ...own, Detail: '{"half a character":"\ud800"}' }])).toEqual([
      'accepted',
    ]);
  });

  test('refuses more than a megabyte, and accepts an event for an unknown bus', async () => {
    const large = {
      ...finding,
      Source: 'cordon.test',
      Detail: JSON.stringify({ text: 'x'.repeat(1024 * 1024) }),
    };

    expect(await outcome(put(engine, [large]))).toBe('ValidationException');
    expect(
      await put(engine, [{ ...finding, Source: 'cordon.test', EventBusName: 'nowhere' }]),
    ).toEqual(['accepted']);
  });
});

test('an event has the time of its entry', async () => {
  const engine = await startEngine();
  try {
    const events = new EventBridgeClient(engine.client());
    const arn = `arn:aws:sqs:us-east-1:${account}:seen`;
    const sends = {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: arn,
    };
    const sqs = new SQSClient({ ...engine.client(), useQueueUrlAsEndpoint: false });
    await sqs.send(
      new CreateQueueCommand({ QueueName: 'seen', Attributes: { Policy: policy(sends) } }),
    );
    await events.send(
      new PutRuleCommand({ Name: 'findings', EventPattern: '{"source":["aws.guardduty"]}' }),
    );
    await events.send(
      new PutTargetsCommand({ Rule: 'findings', Targets: [{ Id: 't', Arn: arn }] }),
    );

    await put(engine, [{ ...finding, Time: new Date('2026-11-21T09:00:00Z') }]);

    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: `${engine.endpoint}/${account}/seen`,
        WaitTimeSeconds: 20,
      }),
    );
    expect(JSON.parse(Messages?.[0]?.Body ?? '{}')).toMatchObject({
      source: 'aws.guardduty',
      time: '2026-11-21T09:00:00Z',
    });
  } finally {
    await engine.stop();
  }
});

test('a role may be held to the sources that it publishes', async () => {
  const engine = await startEngine();
  try {
    const keys = await roleKeys(engine, 'drills', [
      allow('events:PutEvents', '*', {
        'ForAllValues:StringEquals': { 'events:source': 'cordon.drill' },
      }),
    ]);
    expect(await put(engine, [{ ...finding, Source: 'cordon.drill' }], keys)).toEqual(['accepted']);
    expect(await outcome(put(engine, [{ ...finding, Source: 'other' }], keys))).toBe(
      'AccessDeniedException',
    );
  } finally {
    await engine.stop();
  }
});
