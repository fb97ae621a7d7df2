import {
  CreateEventBusCommand,
  DescribeEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutPermissionCommand,
} from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, type Keys, startEngine } from './engine.ts';
import { account, allow, deploy, outcome, policy, roleKeys } from './world.ts';

describe('a bus policy', () => {
  let engine: Engine;
  let events: EventBridgeClient;
  const arn = (bus: string) => `arn:aws:events:us-east-1:${account}:event-bus/${bus}`;
  const put = (keys: Keys, bus: string) =>
    outcome(
      new EventBridgeClient(engine.client(keys)).send(
        new PutEventsCommand({
          Entries: [{ EventBusName: bus, Source: 's', DetailType: 't', Detail: '{}' }],
        }),
      ),
    );

  beforeAll(async () => {
    engine = await startEngine();
    events = new EventBridgeClient(engine.client());
  });
  afterAll(() => engine.stop());

  test('keeps a Deny as a Deny', async () => {
    await events.send(new CreateEventBusCommand({ Name: 'kept' }));
    const written = policy({
      Sid: 'd',
      Effect: 'Deny',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: arn('kept'),
    });

    await events.send(new PutPermissionCommand({ EventBusName: 'kept', Policy: written }));

    expect(
      JSON.parse((await events.send(new DescribeEventBusCommand({ Name: 'kept' }))).Policy ?? ''),
    ).toEqual(JSON.parse(written));
  });

  test('of a template lets only the drill role publish, whatever other roles may do', async () => {
    const drill = await roleKeys(engine, 'drill', [allow('events:PutEvents')], {
      path: '/cordon/',
    });
    const other = await roleKeys(engine, 'other', [allow('events:*')]);
    const statement = {
      Effect: 'Deny',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: arn('drills'),
      Condition: {
        ArnNotEquals: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/cordon/drill` },
      },
    };
    await deploy(engine, 'bus', {
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'drills' } },
      Policy: {
        Type: 'AWS::Events::EventBusPolicy',
        Properties: { EventBusName: { Ref: 'Bus' }, StatementId: 'only', Statement: statement },
      },
    });

    expect([
      await put(drill, 'drills'),
      await put(other, 'drills'),
      await put(other, 'default'),
    ]).toEqual(['ok', 'AccessDeniedException', 'ok']);
  });

  test('grants a role of the account that has no permission of its own', async () => {
    await events.send(new CreateEventBusCommand({ Name: 'granting' }));
    const keys = await roleKeys(engine, 'bare', []);
    const grant = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:role/bare` },
      Action: 'events:PutEvents',
      Resource: arn('granting'),
    };
    await events.send(
      new PutPermissionCommand({ EventBusName: 'granting', Policy: policy(grant) }),
    );

    expect([await put(keys, 'granting'), await put(keys, 'default')]).toEqual([
      'ok',
      'AccessDeniedException',
    ]);
  });
});
