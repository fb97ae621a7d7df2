// Differences in how functions run and what they answer.
import { CloudFormationClient, DescribeStackEventsCommand } from '@aws-sdk/client-cloudformation';
import {
  AddPermissionCommand,
  CreateFunctionUrlConfigCommand,
  InvokeCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { account, deploy, makeFunction, makeRole, runMachine } from '../world.ts';
import type { Difference, ObservedEngine } from './difference.ts';

const code = 'export const handler = async () => 1;';

const make = async (
  engine: ObservedEngine,
  name: string,
  source: string,
): Promise<LambdaClient> => {
  await makeFunction(engine, name, source, await makeRole(engine, name, []));
  return new LambdaClient(engine.client());
};

const invoke = async (
  lambda: LambdaClient,
  FunctionName: string,
  event: unknown = {},
): Promise<unknown> => {
  const { Payload } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
  );
  return JSON.parse(Payload?.transformToString() ?? 'null');
};

const calling = (FunctionName: string) => ({
  QueryLanguage: 'JSONata',
  StartAt: 'Call',
  States: {
    Call: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName, Payload: {} },
      End: true,
    },
  },
});

const workerHygiene: Difference = {
  correction: 'worker_hygiene',
  still: 'gives a function the environment of the engine, and no name to the death of its process',
  observe: async (engine) => {
    const names = [
      'GATEWAY_PORT',
      'STATE_DIR',
      '_HANDLER',
      'AWS_EXECUTION_ENV',
      'AWS_LAMBDA_FUNCTION_NAME',
    ];
    const source = `export const handler = async ({ dies }) => {
      if (dies) process.kill(process.pid, 'SIGKILL');
      return ${JSON.stringify(names)}.filter((name) => name in process.env);
    };`;
    const lambda = await make(engine, 'hygiene', source);
    const variables = await invoke(lambda, 'hygiene');
    const { errorType } = Object(await invoke(lambda, 'hygiene', { dies: true }));
    return { variables, isDeathNamed: errorType === 'Runtime.ExitError' };
  },
  stock: {
    variables: ['GATEWAY_PORT', 'STATE_DIR', 'AWS_LAMBDA_FUNCTION_NAME'],
    isDeathNamed: false,
  },
  aws: {
    variables: ['_HANDLER', 'AWS_EXECUTION_ENV', 'AWS_LAMBDA_FUNCTION_NAME'],
    isDeathNamed: true,
  },
};

const functionIsolation: Difference = {
  correction: 'function_isolation',
  still: 'lets a function change its code, and see the folders of other functions',
  observe: async (engine) => {
    const source = `import { readdirSync, writeFileSync } from 'node:fs';
    import { join } from 'node:path';
    const ends = (attempt) => {
      try {
        attempt();
        return true;
      } catch {
        return false;
      }
    };
    export const handler = async () => ({
      changesItsCode: ends(() => writeFileSync(join(import.meta.dirname, 'planted'), '')),
      seesOthers: readdirSync(join(import.meta.dirname, '../..')).includes('package.json'),
    });`;
    return invoke(await make(engine, 'isolation', source), 'isolation');
  },
  stock: { changesItsCode: true, seesOthers: true },
  aws: { changesItsCode: false, seesOthers: false },
};

const thrownErrors: Difference = {
  correction: 'thrown_errors',
  still: 'loses the name of an error that a function throws',
  observe: async (engine) => {
    const source = `class EdgeError extends Error { name = 'EdgeError'; }
      export const handler = async () => { throw new EdgeError('wanted text'); };`;
    const lambda = await make(engine, 'thrower', source);
    const { errorType, errorMessage } = Object(await invoke(lambda, 'thrower'));
    const { status, error } = await runMachine(engine, 'thrown', calling('thrower'));
    return { errorType, errorMessage, status, error };
  },
  stock: {
    errorType: 'Runtime.HandlerError',
    errorMessage: 'wanted text',
    status: 'FAILED',
    error: 'Runtime.HandlerError',
  },
  aws: {
    errorType: 'EdgeError',
    errorMessage: 'wanted text',
    status: 'FAILED',
    error: 'EdgeError',
  },
};

const functionUrls: Difference = {
  correction: 'function_urls',
  still: 'answers at a function URL that no policy makes public',
  observe: async (engine) => {
    const FunctionName = 'public-url';
    const lambda = await make(engine, FunctionName, code);
    const { FunctionUrl = '' } = await lambda.send(
      new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE' }),
    );
    const [id] = new URL(FunctionUrl).hostname.split('.');
    const url = `${engine.endpoint}/_aws/lambda-url/${id}/`;
    const withoutPolicy = (await fetch(url)).status;
    const everyone = {
      Principal: '*',
      Action: 'lambda:InvokeFunctionUrl',
      FunctionUrlAuthType: 'NONE',
    } as const;
    await lambda.send(new AddPermissionCommand({ FunctionName, StatementId: 's', ...everyone }));
    return { withoutPolicy, publicPolicy: (await fetch(url)).status };
  },
  stock: { withoutPolicy: 200, publicPolicy: 200 },
  aws: { withoutPolicy: 403, publicPolicy: 200 },
};

const lambdaThrottles: Difference = {
  correction: 'lambda_throttles',
  still: 'fails a throttled task with Lambda.Unknown',
  observe: async (engine) => {
    const lambda = await make(engine, 'throttled', code);
    const limit = { FunctionName: 'throttled', ReservedConcurrentExecutions: 0 };
    await lambda.send(new PutFunctionConcurrencyCommand(limit));
    const { status, error } = await runMachine(engine, 'throttles', calling('throttled'));
    return { status, error };
  },
  stock: { status: 'FAILED', error: 'Lambda.Unknown' },
  aws: { status: 'FAILED', error: 'Lambda.TooManyRequestsException' },
};

const customResources: Difference = {
  correction: 'custom_resources',
  still: 'waits for the time limit of a custom resource whose function has failed',
  observe: async (engine) => {
    await make(
      engine,
      'custom-broken',
      "import 'no-such-package'; export const handler = async () => 1;",
    );
    const ServiceToken = `arn:aws:lambda:us-east-1:${account}:function:custom-broken`;
    const resource = {
      Type: 'Custom::Broken',
      Properties: { ServiceToken, ServiceTimeout: engine.patienceSeconds },
    };
    await deploy(engine, 'custom-stack', { Resource: resource }).catch(() => undefined);
    const cloudFormation = new CloudFormationClient(engine.client());
    const { StackEvents = [] } = await cloudFormation.send(
      new DescribeStackEventsCommand({ StackName: 'custom-stack' }),
    );
    const failure = StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED');
    return /timed out after|the function of the custom resource failed/.exec(
      failure?.ResourceStatusReason ?? '',
    )?.[0];
  },
  stock: 'timed out after',
  aws: 'the function of the custom resource failed',
};

export const functions: readonly Difference[] = [
  workerHygiene,
  functionIsolation,
  thrownErrors,
  functionUrls,
  lambdaThrottles,
  customResources,
];
