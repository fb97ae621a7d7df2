import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from './engine.ts';
import { account, allow, makeFunction, makeRole, outcome, roleKeys } from './world.ts';

const definition = JSON.stringify({ StartAt: 'P', States: { P: { Type: 'Pass', End: true } } });

describe('a role that is handed to a service', () => {
  let engine: Engine;
  let admin: string;
  beforeAll(async () => {
    engine = await startEngine();
    admin = await makeRole(engine, 'admin', [allow('*')]);
    await makeFunction(
      engine,
      'fn',
      'export const handler = async () => 1;',
      await makeRole(engine, 'fn', []),
    );
  });
  afterAll(() => engine.stop());

  test('must be allowed by iam:PassRole, or the call is denied by that name', async () => {
    const lambda = new LambdaClient(
      engine.client(await roleKeys(engine, 'developer', [allow('lambda:*'), allow('states:*')])),
    );

    const call = lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName: 'fn', Role: admin }),
    );

    await expect(call).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        `is not authorized to perform: iam:PassRole on resource: ${admin}`,
      ),
    });
    expect(
      await outcome(
        lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'fn', Timeout: 5 })),
      ),
    ).toBe('ok');
  });

  test('may be bound to a service', async () => {
    const pass = allow('iam:PassRole', `arn:aws:iam::${account}:role/admin`, {
      StringEquals: { 'iam:PassedToService': 'states.amazonaws.com' },
    });
    const keys = engine.client(
      await roleKeys(engine, 'builder', [allow('lambda:*'), allow('states:*'), pass]),
    );
    const machine = new SFNClient(keys).send(
      new CreateStateMachineCommand({ name: 'm', roleArn: admin, definition }),
    );
    const change = new LambdaClient(keys).send(
      new UpdateFunctionConfigurationCommand({ FunctionName: 'fn', Role: admin }),
    );

    expect([await outcome(machine), await outcome(change)]).toEqual([
      'ok',
      'AccessDeniedException',
    ]);
  });
});
