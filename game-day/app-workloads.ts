import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Place } from '../operator/place.ts';
import type { Targets } from './account-state.ts';
import type { Workload } from './observations.ts';

export interface AppWorkload extends Workload {
  readonly functionArn: string;
  readonly roleArn: string;
}

/** A function of the application with its role, read from the account. */
export const workloadOf = async (place: Place, name: string): Promise<AppWorkload> => {
  const lambda = new LambdaClient(await place.config('operator'));
  const { Role: roleArn = '', FunctionArn: functionArn = '' } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: name }),
  );
  const roleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  return { functionName: name, functionArn, roleArn, roleName };
};

/** Every function of the application and its role. */
export const appTargets = async (place: Place): Promise<Targets> => {
  const names = Object.entries(place.outputs.CordonProtectedApp ?? {}).flatMap(([key, name]) =>
    key.endsWith('FunctionName') ? [name] : [],
  );
  const workloads = await Promise.all(names.map((name) => workloadOf(place, name)));
  return {
    functions: workloads.map(({ functionName }) => functionName),
    roles: workloads.map(({ roleName }) => roleName),
    buckets: [],
  };
};
