import {
  DeleteProvisionedConcurrencyConfigCommand,
  PutProvisionedConcurrencyConfigCommand,
  paginateListProvisionedConcurrencyConfigs,
} from '@aws-sdk/client-lambda';
import type { FunctionCall } from '../shared/function-place.ts';

/** Environments that a version or alias keeps ready, by its name. */
export type Provisioned = Readonly<Record<string, number>>;

export const provisionedOf = async ({
  lambda,
  FunctionName,
}: FunctionCall): Promise<Provisioned> => {
  const provisioned: Record<string, number> = {};
  const pages = paginateListProvisionedConcurrencyConfigs({ client: lambda }, { FunctionName });
  for await (const { ProvisionedConcurrencyConfigs = [] } of pages)
    for (const {
      FunctionArn = '',
      RequestedProvisionedConcurrentExecutions,
    } of ProvisionedConcurrencyConfigs) {
      const qualifier = FunctionArn.split(':')[7];
      if (qualifier) provisioned[qualifier] = RequestedProvisionedConcurrentExecutions ?? 0;
    }
  return provisioned;
};

export const removeProvisioned = async (to: FunctionCall): Promise<void> => {
  for (const Qualifier of Object.keys(await provisionedOf(to)))
    await to.lambda.send(
      new DeleteProvisionedConcurrencyConfigCommand({ FunctionName: to.FunctionName, Qualifier }),
    );
};

/** Provisions again what was provisioned before and is not now. */
export const provisionAgain = async (to: FunctionCall, before: Provisioned): Promise<void> => {
  const now = await provisionedOf(to);
  for (const [Qualifier, ProvisionedConcurrentExecutions] of Object.entries(before))
    if (now[Qualifier] !== ProvisionedConcurrentExecutions)
      await to.lambda.send(
        new PutProvisionedConcurrencyConfigCommand({
          FunctionName: to.FunctionName,
          Qualifier,
          ProvisionedConcurrentExecutions,
        }),
      );
};
