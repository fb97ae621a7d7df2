// The real templates on a real engine, as `cordon up` deploys them.
import { join } from 'node:path';
import { deploy } from '../../local/engine/deploy.ts';
import { freePort } from '../../local/engine/port.ts';
import { type Engine, startEngine } from '../../local/engine/start.ts';
import { synth } from '../../local/engine/synth.ts';
import type { Outputs } from '../../operator/place.ts';

const root = join(import.meta.dirname, '../..');

export interface DeployedEngine {
  readonly engine: Engine;
  readonly outputs: Outputs;
  /** The folder of the cloud assembly. */
  readonly assembly: string;
}

/**
 * A drill waits for CloudTrail as long as the configuration says, and the engine delivers as late
 * as its setting says: both are shorter here than in `cordon up`, in the same proportion. The
 * circuit breaker would open for a file because of what others on the same engine have contained.
 * The further region forwards its findings, and the lead is asked what nobody answers.
 */
const quick = {
  config: {
    lagSeconds: { drill: 1 },
    breaker: { limit: 1_000, limitOfType: 1_000 },
    furtherRegions: ['eu-west-1'],
    approval: { escalate: ['lead@example.com'] },
  },
  settings: { CORDON_TRAIL_DELAY_SECONDS: '0.4' },
};

/** An engine on a free port of its own. */
export const engineAlone = async (): Promise<Engine> =>
  startEngine({
    root,
    port: await freePort(),
    env: process.env,
    by: 'a test',
    settings: quick.settings,
  });

/** What a file may want of its deployment. */
export interface Wishes {
  /** One stack alone. */
  readonly only?: string | undefined;
  /** Options besides those of all tests. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** The assembly that the tests deploy; synthesised once for all who wish nothing else. */
const assemblyOf = async ({ config = {} }: Wishes): Promise<string> =>
  (await synth({ root, env: process.env, config: { ...quick.config, ...config } })).assembly;

/** Nobody else finds it: it is never called ready. */
export const deployEngine = async (wishes: Wishes = {}): Promise<DeployedEngine> => {
  const { only } = wishes;
  const synthesised = assemblyOf(wishes);
  const [engine] = await Promise.allSettled([engineAlone(), synthesised]);
  if (engine.status === 'rejected') throw engine.reason;
  try {
    const assembly = await synthesised;
    const { endpoint, rootKey } = engine.value;
    const outputs = await deploy(assembly, { endpoint, rootKey, only });
    return { engine: engine.value, outputs, assembly };
  } catch (error) {
    await engine.value.stop();
    throw error;
  }
};
