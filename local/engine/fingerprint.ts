import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** The options of the person who deploys; they lie in the folder of the person, not of the code. */
export const OPTIONS_FILE = 'cordon.config.json';

/** Everything of the code that can change what `infra/app.ts` makes. */
export const SYNTH_INPUTS = [
  'cdk.json',
  'package.json',
  'package-lock.json',
  'infra',
  'responders',
  'state-machines',
  'report-templates',
  'protected-app',
  'pages-kit',
  'console',
  'operator',
  'game-day/canary',
] as const;

/**
 * One hash over the names and contents of files and folders below `root`; what is missing counts as
 * missing.
 */
export const fingerprint = (
  root: string,
  inputs: readonly string[] = SYNTH_INPUTS,
  extra = '',
): string => {
  const hash = createHash('sha256').update(extra);
  for (const path of inputs.flatMap((input) => filesOf(join(root, input))).sort()) {
    const data = readFileSync(path);
    hash.update(`${relative(root, path).split(sep).join('/')}\0${data.length}\0`).update(data);
  }
  return hash.digest('hex').slice(0, 16);
};

const filesOf = (path: string): readonly string[] => {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && name !== 'cdk.out')
    .flatMap((entry) => filesOf(join(path, entry.name)));
};
