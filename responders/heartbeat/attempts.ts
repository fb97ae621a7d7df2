import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  type LambdaClient,
  ThrottleReason,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda';
import { AssumeRoleCommand, type Credentials, type STSClient } from '@aws-sdk/client-sts';
import { heartbeatCanary } from '../incident/heartbeat.ts';
import type { Grant } from '../shared/grant.ts';
import { jsonIn } from '../shared/json.ts';
import { alive } from './canary.ts';

/** The calls with which the heartbeat tries what the canary may. */
export const attemptCalls: readonly Grant[] = [
  { on: 'lambda:${canary}', may: ['Invoke'] },
  { on: 'sts:${canaryRole}', may: ['AssumeRole'] },
];

/** What the canary may do: run, and call AWS with its role. */
export const attemptKinds = ['start', 'call'] as const;
export type AttemptKind = (typeof attemptKinds)[number];

/** Makes each attempt; returns those that succeeded. Throws where neither can be said. */
export type MakeAttempts = () => Promise<readonly AttemptKind[]>;

const isDenied = (error: unknown): boolean =>
  error instanceof Error && error.name === 'AccessDeniedException';

/** No other throttle says that the function itself may not run. */
const isPaused = (error: unknown): boolean =>
  error instanceof TooManyRequestsException &&
  error.Reason === ThrottleReason.ReservedFunctionConcurrentInvocationLimitExceeded;

const starts = async (lambda: LambdaClient): Promise<boolean> => {
  try {
    const { Payload, FunctionError } = await lambda.send(
      new InvokeCommand({ FunctionName: heartbeatCanary }),
    );
    if (FunctionError) throw new Error(`the canary failed: ${FunctionError}`);
    return jsonIn(Buffer.from(Payload ?? []).toString()) === alive;
  } catch (error) {
    if (isPaused(error)) return false;
    throw error;
  }
};

export interface AttemptClients {
  readonly lambda: LambdaClient;
  readonly sts: STSClient;
  /** A client that calls with the keys of a session. */
  readonly lambdaWith: (keys: Credentials | undefined) => LambdaClient;
}

/** The session is named after the function, as Lambda names it: a shared role is denied by it. */
const calls = async (role: string, { sts, lambdaWith }: AttemptClients): Promise<boolean> => {
  const { Credentials: keys } = await sts.send(
    new AssumeRoleCommand({ RoleArn: role, RoleSessionName: heartbeatCanary }),
  );
  const lambda = lambdaWith(keys);
  try {
    await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: heartbeatCanary }));
    return true;
  } catch (error) {
    if (isDenied(error)) return false;
    throw error;
  } finally {
    lambda.destroy();
  }
};

/** The attempts on a canary whose role has this ARN. */
export const attemptsOn =
  (role: string, clients: AttemptClients): MakeAttempts =>
  async () => {
    const succeeded = { start: await starts(clients.lambda), call: await calls(role, clients) };
    return attemptKinds.filter((kind) => succeeded[kind]);
  };
