import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Place } from '../operator/place.ts';
import type { Targets } from './account-state.ts';
import type { Suspect } from './seen.ts';

export interface Part extends Suspect {
  readonly functionArn: string;
  readonly roleArn: string;
}

/** A function of the application with its role, read from the account. */
export const partOf = async (place: Place, functionName: string): Promise<Part> => {
  const lambda = new LambdaClient(await place.config('operator'));
  const found = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: functionName }),
  );
  const { Role: roleArn = '', FunctionArn: functionArn = '' } = found;
  return {
    functionName,
    functionArn,
    roleArn,
    roleName: roleArn.slice(roleArn.lastIndexOf('/') + 1),
  };
};

/** Every function of the application and its role. */
export const everyPart = async (place: Place): Promise<Targets> => {
  const names = Object.entries(place.outputs.CordonProtectedApp ?? {}).flatMap(([key, name]) =>
    key.endsWith('FunctionName') ? [name] : [],
  );
  const parts = await Promise.all(names.map((name) => partOf(place, name)));
  return {
    functions: parts.map(({ functionName }) => functionName),
    roles: parts.map(({ roleName }) => roleName),
    buckets: [],
  };
};
