// Runs once, before the first engine test: whatever file comes first finds the engine's Python environment.
import { resolve } from 'node:path';
import { ensureVenv } from '../../game-day/engine/venv.ts';

export const setup = async (): Promise<void> => {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  await ensureVenv({ root: resolve(import.meta.dirname, '../..'), env: process.env, say });
};
