import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import type { Aws } from '../../shared/aws.ts';
import { quoted } from '../../shared/shell.ts';
import type { Responder } from '../responder.ts';

const reservedExecutions = async (name: string, { lambda }: Aws): Promise<number | null> => {
  const { ReservedConcurrentExecutions = null } = await lambda.send(
    new GetFunctionConcurrencyCommand({ FunctionName: name }),
  );
  return ReservedConcurrentExecutions;
};

const reserve = (name: string, executions: number, { lambda }: Aws) =>
  lambda.send(
    new PutFunctionConcurrencyCommand({
      FunctionName: name,
      ReservedConcurrentExecutions: executions,
    }),
  );

export const pauseFunction: Responder<{ readonly reserved: number | null }> = {
  id: 'contain.pause-function',
  title: 'Stop new invocations of the function',
  headline: 'the function cannot start',
  stops:
    'Every new invocation, from any trigger. New asynchronous events go to its dead-letter queue ' +
    'or failure destination at once, and are lost where it has none.',
  leavesOpen: 'Invocations in flight (up to 15 minutes) and copies of the function’s credentials.',
  leavesOpenWith: {
    responders: ['contain.quarantine-role', 'contain.quarantine-function'],
    leavesOpen: 'Invocations in flight (up to 15 minutes).',
  },
  calls: {
    contain: [
      { on: 'lambda:function:*', may: ['GetFunctionConcurrency', 'PutFunctionConcurrency'] },
    ],
    release: [
      {
        on: 'lambda:function:*',
        may: ['GetFunctionConcurrency', 'PutFunctionConcurrency', 'DeleteFunctionConcurrency'],
      },
    ],
  },

  targets: (suspect) => (suspect.kind === 'function' ? [suspect.functionName] : []),

  byHand: (name) =>
    `aws lambda put-function-concurrency --function-name ${quoted(name)} ` +
    '--reserved-concurrent-executions 0',

  before: async (name, aws) => ({ reserved: await reservedExecutions(name, aws) }),

  apply: async (name, aws) => {
    await reserve(name, 0, aws);
  },

  holds: async (name, aws) => (await reservedExecutions(name, aws)) === 0,

  undo: async (name, before, aws) => {
    // No reservation differs from a reservation of the account's limit, so the setting is deleted.
    if (before.reserved === null)
      await aws.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: name }));
    else await reserve(name, before.reserved, aws);
  },
};
