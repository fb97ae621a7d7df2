import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { clientConfig } from '../../../local/engine/clients.ts';
import type { Settings } from '../../../responders/decide/settings.ts';
import { isRecord, jsonIn } from '../../../responders/shared/json.ts';
import type { Deployed } from './deployed.ts';

/**
 * Gives a function other settings than those that were deployed, as the root user. Returns what
 * puts them back: the engine is shared.
 */
export const withSettings = async (
  cordon: Deployed,
  FunctionName: string,
  over: Partial<Settings>,
): Promise<() => Promise<void>> => {
  const lambda = new LambdaClient(clientConfig(cordon));
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const Variables = Environment?.Variables ?? {};
  const settings = jsonIn(Variables.CORDON_SETTINGS ?? '');
  if (!isRecord(settings)) throw new Error(`${FunctionName} has no settings`);
  const update = async (variables: Record<string, string>): Promise<void> => {
    await lambda.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName,
        Environment: { Variables: variables },
      }),
    );
  };
  await update({ ...Variables, CORDON_SETTINGS: JSON.stringify({ ...settings, ...over }) });
  return () => update(Variables);
};
