import {
  AddPermissionCommand,
  CreateFunctionUrlConfigCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from './engine.ts';
import { makeFunction, makeRole } from './world.ts';

let engine: Engine;
let lambda: LambdaClient;
let role: string;
beforeAll(async () => {
  engine = await startEngine();
  lambda = new LambdaClient(engine.client());
  role = await makeRole(engine, 'fn', []);
});
afterAll(() => engine.stop());

const answerOf = async (name: string, event: unknown = {}) => {
  const answer = await lambda.send(
    new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }),
  );
  return JSON.parse(answer.Payload?.transformToString() ?? 'null');
};

describe('the process of a function', () => {
  test('has the variables of Lambda and none of the engine', async () => {
    await makeFunction(engine, 'env', 'export const handler = async () => process.env;', role);

    const env = await answerOf('env');

    expect(env).toMatchObject({
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_NAME: 'env',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/env',
      AWS_REGION: 'us-east-1',
      _HANDLER: 'index.handler',
      TZ: ':UTC',
    });
    const leaked = Object.keys(env).filter((name) =>
      /^(AUTH|CORDON_|MINISTACK_|S3_|STATE_DIR|GATEWAY_PORT|CLOUDTRAIL_|ATHENA_)/.test(name),
    );
    expect(leaked).toEqual([]);
  });

  test('that is killed gives the call a named error, and the next call a new process', async () => {
    const code = `const processId = crypto.randomUUID();
      export const handler = async ({ die }) => {
        if (die) process.kill(process.pid, 'SIGKILL');
        return processId;
      };`;
    await makeFunction(engine, 'mortal', code, role);
    const before = await answerOf('mortal');

    expect(await answerOf('mortal', { die: true })).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining('Runtime exited'),
    });
    const after = await answerOf('mortal');
    expect(after).toEqual(expect.any(String));
    expect(after).not.toBe(before);
  });

  test('that throws serves the next call with its state', async () => {
    const code = `let calls = 0;
      export const handler = async ({ fail }) => {
        calls += 1;
        if (fail) throw new TypeError('x');
        return calls;
      };`;
    await makeFunction(engine, 'counter', code, role);

    expect(await answerOf('counter')).toBe(1);
    expect(await answerOf('counter', { fail: true })).toMatchObject({ errorType: 'TypeError' });
    expect(await answerOf('counter')).toBe(3);
  });
});

test('a warm function takes a new role on its next call', async () => {
  const code = 'export const handler = async () => process.env.AWS_ACCESS_KEY_ID;';
  await makeFunction(engine, 'moved', code, role);
  const before = await answerOf('moved');

  await lambda.send(
    new UpdateFunctionConfigurationCommand({
      FunctionName: 'moved',
      Role: await makeRole(engine, 'other', []),
    }),
  );

  expect(await answerOf('moved')).not.toBe(before);
});

describe('a function URL', () => {
  const url = async (name: string, AuthType: 'NONE' | 'AWS_IAM') => {
    await makeFunction(engine, name, "export const handler = async () => 'hello';", role);
    const { FunctionUrl } = await lambda.send(
      new CreateFunctionUrlConfigCommand({ FunctionName: name, AuthType }),
    );
    const [id] = new URL(FunctionUrl ?? '').hostname.split('.');
    return `${engine.endpoint}/_aws/lambda-url/${id}/`;
  };

  test('with AWS_IAM refuses an unsigned call', async () => {
    expect((await fetch(await url('signed', 'AWS_IAM'))).status).toBe(403);
  });

  test('without authorisation answers only when the policy of the function is public', async () => {
    const open = await url('open', 'NONE');
    expect((await fetch(open)).status).toBe(403);

    const everyone = {
      Principal: '*',
      Action: 'lambda:InvokeFunctionUrl',
      FunctionUrlAuthType: 'NONE' as const,
    };
    await lambda.send(
      new AddPermissionCommand({ FunctionName: 'open', StatementId: 's', ...everyone }),
    );

    expect((await fetch(open)).status).toBe(200);
  });
});
