import type { Config } from './config.ts';
import { OptionError } from './options.ts';

const options = [
  'approvePrincipals',
  'releasePrincipals',
  'drillPrincipals',
  'readerPrincipals',
  'auditorPrincipals',
] as const;

/**
 * On AWS each role of people needs somebody who may take it. With an empty list, nobody but the
 * root user could, and a list of the whole account would let every intruder in.
 */
export const requirePrincipals = (config: Pick<Config, (typeof options)[number]>): void => {
  for (const option of options)
    if (config[option].length === 0)
      throw new OptionError(`cordon.${option}`, 'the ARN of at least one principal', []);
};
