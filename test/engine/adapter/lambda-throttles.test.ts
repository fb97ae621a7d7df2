import { LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { expect, test } from 'vitest';
import { startEngine } from './engine.ts';
import { makeFunction, makeRole, runMachine } from './world.ts';

const machine = {
  QueryLanguage: 'JSONata',
  StartAt: 'Call',
  States: {
    Call: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Arguments: { FunctionName: 'paused', Payload: {} }, End: true },
  },
};

test.for([
  { skip: '', error: 'Lambda.TooManyRequestsException' },
  { skip: 'lambda_throttles', error: 'Lambda.Unknown' },
])('a throttled task fails with $error when "$skip" is left out', async ({ skip, error }) => {
  const engine = await startEngine({ skip });
  try {
    await makeFunction(engine, 'paused', 'export const handler = async () => 1;', await makeRole(engine, 'paused', []));
    await new LambdaClient(engine.client()).send(
      new PutFunctionConcurrencyCommand({ FunctionName: 'paused', ReservedConcurrentExecutions: 0 }),
    );

    expect(await runMachine(engine, 'throttled', machine)).toMatchObject({ status: 'FAILED', error });
  } finally {
    await engine.stop();
  }
});
