// The real templates on a real engine of one's own; everything it wrote or started is gone after `stop`.
import { join } from 'node:path';
import { deploy, type Outputs } from '../../../game-day/engine/deploy.ts';
import { freePort } from '../../../game-day/engine/port.ts';
import { type Engine, startEngine } from '../../../game-day/engine/start.ts';
import { synth } from '../../../game-day/engine/synth.ts';

const root = join(import.meta.dirname, '../../..');

/** An engine on a free port of its own. */
export const engineAlone = async (): Promise<Engine> => startEngine({ root: root, port: await freePort(), env: process.env, by: 'a test' });

export interface Deployed {
  readonly engine: Engine;
  readonly endpoint: string;
  readonly outputs: Outputs;
  /** The folder of the cloud assembly. */
  readonly assembly: string;
}

/** Cordon as `cordon up` deploys it, with the configuration of this checkout. Nobody else finds it: it is never called ready. */
export const deployed = async (): Promise<Deployed> => {
  const made = synth({ root: root, env: process.env });
  const engine = await engineAlone();
  try {
    const { assembly } = await made;
    return { engine, endpoint: engine.endpoint, assembly, outputs: await deploy(assembly, { endpoint: engine.endpoint }) };
  } catch (error) {
    await engine.stop();
    throw error;
  }
};

/** A value that the stacks printed. */
export const outputOf = ({ outputs }: Pick<Deployed, 'outputs'>, name: string): string => {
  const found = Object.values(outputs).find((values) => name in values)?.[name];
  if (found === undefined) throw new Error(`no stack has an output ${name}`);
  return found;
};
