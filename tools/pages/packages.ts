import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Env } from '../../local/engine/run-program.ts';
import { runProgram } from '../../local/engine/run-program.ts';
import type { Site } from './sites.ts';

/** The packages that only sites need lie in the folder of the kit, apart from those of the root. */
const packagesOf = (root: string): string => join(root, 'pages-kit/node_modules');
const markOf = (root: string): string => join(packagesOf(root), '.installed');

const lockHash = (root: string): string =>
  createHash('sha256')
    .update(readFileSync(join(root, 'pages-kit/package-lock.json')))
    .digest('hex');

/** Installs the packages of the sites, unless those of this lock are there. */
export const ensurePackages = async (root: string, env: Env): Promise<void> => {
  const hash = lockHash(root);
  const mark = markOf(root);
  if (existsSync(mark) && readFileSync(mark, 'utf8') === hash) return;
  const { code, output } = await runProgram('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: join(root, 'pages-kit'),
    env,
  });
  if (code !== 0) throw new Error(`the packages of the sites could not be installed:\n${output}`);
  writeFileSync(mark, hash);
};

/** A site finds the packages of the kit where Node.js looks for them: beside its own sources. */
export const linkPackages = (root: string, { folder }: Site): void => {
  const link = join(root, folder, 'node_modules');
  if (lstatSync(link, { throwIfNoEntry: false })) return;
  symlinkSync(relative(join(root, folder), packagesOf(root)), link);
};
