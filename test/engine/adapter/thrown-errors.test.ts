import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from './engine.ts';
import { makeFunction, makeRole, runMachine } from './world.ts';

const code = `
class EdgeError extends Error { constructor(text) { super(text); this.name = 'EdgeError'; } }
export const handler = async (event) => {
  if (event.fine) return 'fine';
  throw new EdgeError('detail.type: wanted text');
};`;

const machine = (resource: string) => ({
  QueryLanguage: 'JSONata',
  StartAt: 'Call',
  States: {
    Call: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: resource, Payload: {} },
      Retry: [{ ErrorEquals: ['OtherError'], MaxAttempts: 3 }],
      Catch: [
        {
          ErrorEquals: ['EdgeError'],
          Next: 'Caught',
          Output: '{% $parse($states.errorOutput.Cause) %}',
        },
      ],
      End: true,
    },
    Caught: { Type: 'Pass', End: true },
  },
});

const throwing = async (engine: Engine): Promise<string> =>
  makeFunction(engine, 'throws', code, await makeRole(engine, 'thrower', []));

describe('a function that throws', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
    await throwing(engine);
  });
  afterAll(() => engine.stop());

  test('is error by the name of its error and its stack', async () => {
    const answer = await new LambdaClient(engine.client()).send(
      new InvokeCommand({ FunctionName: 'throws', Payload: '{}' }),
    );

    expect(answer.FunctionError).toBe('Unhandled');
    const error: unknown = JSON.parse(answer.Payload?.transformToString() ?? '');
    expect(error).toMatchObject({
      errorType: 'EdgeError',
      errorMessage: 'detail.type: wanted text',
    });
    expect(error).toHaveProperty(['trace', 0], 'EdgeError: detail.type: wanted text');
  });

  test('is caught by that name in a state machine', async () => {
    const execution = await runMachine(engine, 'catching', machine('throws'));

    expect(execution.status).toBe('SUCCEEDED');
    expect(JSON.parse(execution.output ?? '')).toMatchObject({ errorType: 'EdgeError' });
  });

  test('works again on the next call', async () => {
    const answer = await new LambdaClient(engine.client()).send(
      new InvokeCommand({ FunctionName: 'throws', Payload: '{"fine":true}' }),
    );

    expect(answer.Payload?.transformToString()).toBe('"fine"');
  });
});
