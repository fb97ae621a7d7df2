// Cordon on an engine: on the one that the files of a worker share, or on one of a file's own.
import { inject } from 'vitest';
import { z } from 'zod';
import type { KeyedEngine } from '../../../local/engine/clients.ts';
import { readRootKey } from '../../../local/engine/root-key.ts';
import type { Engine } from '../../../local/engine/start.ts';
import type { Outputs } from '../../../operator/place.ts';
import { deployEngine } from '../deploy-engine.ts';
import type { Shared } from '../lender.ts';

export { engineAlone } from '../deploy-engine.ts';

export interface Deployed extends KeyedEngine {
  readonly engine: Pick<Engine, 'endpoint' | 'rootKey' | 'port' | 'runDir'>;
  readonly outputs: Outputs;
  /** The folder of the cloud assembly. */
  readonly assembly: string;
}

/** Everything that its engine wrote or started is gone after `stop`. */
export interface OwnDeployed extends Deployed {
  readonly engine: Engine;
}

/** Cordon for this file alone: for one that breaks, resets, configures or counts a whole engine. */
export const deployed = async (
  config: Readonly<Record<string, unknown>> = {},
): Promise<OwnDeployed> => {
  const { engine, outputs, assembly } = await deployEngine({ config });
  const { endpoint, rootKey } = engine;
  return { engine, endpoint, rootKey, outputs, assembly };
};

const loan = z.object({
  engine: z.object({ endpoint: z.string(), port: z.number(), runDir: z.string() }),
  outputs: z.record(z.string(), z.record(z.string(), z.string())),
  assembly: z.string(),
});

/**
 * A deployment as other files have left it and will find it: what a file makes has names of its
 * own, and what it changes it sets right again.
 */
export const borrowed = async (name: Shared = 'cordon'): Promise<Deployed> => {
  const answer = await fetch(`${inject('lender')}/${process.env.VITEST_POOL_ID}/${name}`);
  if (!answer.ok) throw new Error(await answer.text());
  const { engine, outputs, assembly } = loan.parse(await answer.json());
  const rootKey = readRootKey(engine.runDir);
  if (rootKey === undefined) throw new Error(`no root key in ${engine.runDir}`);
  const keyed = { ...engine, rootKey };
  return { engine: keyed, endpoint: engine.endpoint, rootKey, outputs, assembly };
};

/** A value that the stacks printed. */
export const outputOf = ({ outputs }: Pick<Deployed, 'outputs'>, name: string): string => {
  const found = Object.values(outputs).find((values) => name in values)?.[name];
  if (found === undefined) throw new Error(`no stack has an output ${name}`);
  return found;
};
