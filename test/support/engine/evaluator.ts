import { runSimulation } from '@cloud-copilot/iam-simulate';
import { ACCOUNT } from '../../../local/engine/settings.ts';
import type { Named } from './account.ts';

export interface Request {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * What an evaluator that knows nothing of the engine says about the same policies: those of the
 * caller, and the one of the resource where it has one.
 */
export const independent = async (
  principal: string,
  policies: readonly Named[],
  { action, resource, context = {} }: Request,
  resourcePolicy?: unknown,
): Promise<string> => {
  const contextVariables = Object.fromEntries(
    Object.entries(context).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : [...value],
    ]),
  );
  const said = await runSimulation(
    {
      request: { principal, action, resource: { resource, accountId: ACCOUNT }, contextVariables },
      identityPolicies: policies.map(({ name, document }) => ({ name, policy: document })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(resourcePolicy !== undefined && { resourcePolicy }),
    },
    {},
  );
  if (said.resultType === 'error')
    throw new Error(`${action} on ${resource}: ${JSON.stringify(said.errors)}`);
  return said.overallResult === 'Allowed' ? 'allowed' : 'denied';
};
