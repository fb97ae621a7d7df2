import { join } from 'node:path';
import { systems } from '../../../infra/systems.ts';
import { synth } from '../../../local/engine/synth.ts';

const options = { root: join(import.meta.dirname, '../../..'), env: process.env };

/** The templates with every system and every option that adds resources; made once. */
export const completeAssembly = async (): Promise<string> =>
  (
    await synth({
      ...options,
      systems: systems.map(({ name }) => name),
      config: { furtherRegions: ['eu-central-1'], channels: { webhook: true } },
    })
  ).assembly;

/** The templates of a start that chooses nothing. */
export const defaultAssembly = async (): Promise<string> => (await synth(options)).assembly;
