import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  InvalidParameterValueException,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { functionsOf } from '../../incident/suspect.ts';
import { callsTo, type FunctionCall, functionOptions } from '../../shared/function-place.ts';
import {
  type Provisioned,
  provisionAgain,
  provisionedOf,
  removeProvisioned,
} from '../provisioned.ts';
import type { Responder } from '../responder.ts';

const reservedExecutions = async ({
  lambda,
  FunctionName,
}: FunctionCall): Promise<number | null> => {
  const { ReservedConcurrentExecutions = null } = await lambda.send(
    new GetFunctionConcurrencyCommand({ FunctionName }),
  );
  return ReservedConcurrentExecutions;
};

const reserve = ({ lambda, FunctionName }: FunctionCall, executions: number) =>
  lambda.send(
    new PutFunctionConcurrencyCommand({
      FunctionName,
      ReservedConcurrentExecutions: executions,
    }),
  );

interface BeforePause {
  readonly reserved: number | null;
  /** Missing where nothing was provisioned. */
  readonly provisioned?: Provisioned;
}

/** Lambda refuses a reservation below the provisioned concurrency, which must go first then. */
const pause = async (to: FunctionCall): Promise<void> => {
  try {
    await reserve(to, 0);
  } catch (error) {
    if (!(error instanceof InvalidParameterValueException)) throw error;
    await removeProvisioned(to);
    await reserve(to, 0);
  }
};

export const pauseFunction: Responder<BeforePause> = {
  id: 'contain.pause-function',
  title: 'Stop new invocations of the function',
  headline: 'the function cannot start',
  stops:
    'Every new invocation, from any trigger. New asynchronous events go to its dead-letter queue ' +
    'or failure destination at once, and are lost where it has none.',
  leavesOpen:
    'Invocations in flight (up to 15 minutes), durable executions until their next checkpoint ' +
    '(stop them with aws lambda stop-durable-execution), instances of a capacity provider, ' +
    'and copies of the function’s credentials.',
  leavesOpenWith: {
    responders: ['contain.quarantine-role', 'contain.quarantine-function'],
    leavesOpen:
      'Invocations in flight (up to 15 minutes), durable executions until their next checkpoint ' +
      '(stop them with aws lambda stop-durable-execution), and instances of a capacity provider.',
  },
  calls: {
    contain: [
      {
        on: 'lambda:function:*',
        may: [
          'GetFunctionConcurrency',
          'PutFunctionConcurrency',
          'ListProvisionedConcurrencyConfigs',
          'DeleteProvisionedConcurrencyConfig',
        ],
      },
    ],
    release: [
      {
        on: 'lambda:function:*',
        may: [
          'GetFunctionConcurrency',
          'PutFunctionConcurrency',
          'DeleteFunctionConcurrency',
          'ListProvisionedConcurrencyConfigs',
          'PutProvisionedConcurrencyConfig',
        ],
      },
    ],
  },

  targets: functionsOf,

  byHand: (target) =>
    `aws lambda put-function-concurrency ${functionOptions(target)} ` +
    '--reserved-concurrent-executions 0',

  before: async (target, aws) => {
    const to = callsTo(target, aws);
    const [reserved, provisioned] = await Promise.all([reservedExecutions(to), provisionedOf(to)]);
    return { reserved, ...(Object.keys(provisioned).length > 0 && { provisioned }) };
  },

  apply: async (target, aws) => pause(callsTo(target, aws)),

  holds: async (target, aws) => (await reservedExecutions(callsTo(target, aws))) === 0,

  undo: async (target, before, aws) => {
    const to = callsTo(target, aws);
    // No reservation differs from a reservation of the account's limit, so the setting is deleted.
    if (before.reserved === null)
      await to.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: to.FunctionName }));
    else await reserve(to, before.reserved);
    if (before.provisioned) await provisionAgain(to, before.provisioned);
  },
};
