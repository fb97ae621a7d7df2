import { GetFunctionCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { changedSince, type DeployTimes } from './changed-since.ts';
import { compare, type Differences } from './checker.ts';
import type { DeployedFunction } from './deployed.ts';

const read = async (FunctionName: string, lambda: LambdaClient) => {
  const { Configuration, Concurrency } = await lambda.send(
    new GetFunctionCommand({ FunctionName }),
  );
  return {
    changedAt: Date.parse(Configuration?.LastModified ?? ''),
    state: Configuration?.State ?? 'Active',
    reserved: Concurrency?.ReservedConcurrentExecutions ?? null,
  };
};

/** Code, settings and concurrency of one function. */
export const checkFunction = (
  { name, reserved }: DeployedFunction,
  lambda: LambdaClient,
  times: DeployTimes,
): Promise<Differences> =>
  compare(`function ${name}`, read(name, lambda), (actual) => [
    ...changedSince(name, actual.changedAt, times),
    ...(actual.state === 'Active' || actual.state === 'Inactive' ? [] : [`is ${actual.state}`]),
    ...(actual.reserved === reserved
      ? []
      : [`may run ${actual.reserved ?? 'any number'} at once instead of ${reserved}`]),
  ]);
