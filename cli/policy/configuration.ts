import { join } from 'node:path';
import { type Config, optionsIn, parseConfig } from '../../infra/config.ts';
import { OptionError } from '../../infra/options.ts';
import { CordonError } from '../../operator/errors.ts';
import { at } from '../../responders/shared/json.ts';

/** Wrong options are a mistake of the person who runs the command. */
export const parsed = (given: unknown): Config => {
  try {
    return parseConfig(given);
  } catch (error) {
    if (error instanceof OptionError)
      throw new CordonError(error.message, { cause: error, code: 2 });
    throw error;
  }
};

/** The options that a deployment from this folder would use. */
export const givenOptions = (root: string): unknown =>
  at(optionsIn(join(root, 'cdk.json')), 'context.cordon') ??
  optionsIn(join(root, 'cordon.config.json'));
