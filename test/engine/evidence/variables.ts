import {
  GetFunctionConfigurationCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdated,
} from '@aws-sdk/client-lambda';
import type { KeyedEngine } from '../../../local/engine/clients.ts';
import { lambdaOf } from './incident.ts';

/**
 * Gives a function more environment variables; what is answered gives it those that it had, for the
 * files that use the same engine later.
 */
export const withVariables = async (
  cordon: KeyedEngine,
  FunctionName: string,
  more: Readonly<Record<string, string>>,
): Promise<() => Promise<void>> => {
  const lambda = lambdaOf(cordon);
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const set = async (Variables: Record<string, string>): Promise<void> => {
    await lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }),
    );
    await waitUntilFunctionUpdated({ client: lambda, maxWaitTime: 120 }, { FunctionName });
  };
  await set({ ...Environment?.Variables, ...more });
  return () => set({ ...Environment?.Variables });
};
