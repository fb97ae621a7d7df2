import { join } from 'node:path';
import { OPTIONS_FILE } from './fingerprint.ts';
import { field, readJson, texts } from './parse.ts';

interface ChoiceOptions {
  /** The folder with the options of the person. */
  readonly root: string;
  /** In place of the options of the person. */
  readonly config?: Readonly<Record<string, unknown>> | undefined;
  /** The systems that the command names. */
  readonly systems?: readonly string[] | undefined;
}

/**
 * The names of the systems of a run: those of the command and those of the configuration. The
 * synthesis refuses a name that is no system.
 */
export const chosenNames = ({ root, config, systems = [] }: ChoiceOptions): readonly string[] => {
  const configured = field(config ?? readJson(join(root, OPTIONS_FILE)), 'systems');
  return [...new Set([...systems, ...texts(configured)])].sort();
};
