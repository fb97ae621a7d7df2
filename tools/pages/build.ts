import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { fingerprint } from '../../local/engine/fingerprint.ts';
import { withLock } from '../../local/engine/lock.ts';
import { type Env, gist, runProgram } from '../../local/engine/run-program.ts';
import { ensurePackages, linkPackages } from './packages.ts';
import type { Site } from './sites.ts';

/** How many builds of a site stay: a person goes back and forth between two branches. */
const kept = 3;

interface BuildOptions {
  readonly root: string;
  readonly env: Env;
}

/** The folders in which built sites lie; a copy of the checkout shares the packages of the root. */
const shelvesOf = (root: string): readonly string[] => [
  join(root, 'node_modules/.cache/cordon-sites'),
  join(root, '.cordon/sites'),
];

const isWritable = (folder: string): boolean => {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

const isComplete = (folder: string): boolean => existsSync(join(folder, 'index.html'));

/** The folder of a built site: made now, or kept since nothing of its sources has changed. */
export const builtSite = async (site: Site, { root, env }: BuildOptions): Promise<string> => {
  const key = `${site.name}-${fingerprint(root, site.inputs)}`;
  const shelves = shelvesOf(root);
  const there = shelves.map((shelf) => join(shelf, key)).find(isComplete);
  if (there !== undefined) return there;
  const shelf = shelves.find(isWritable);
  if (shelf === undefined) throw new Error(`no built site can be kept: ${shelves.join(', ')}`);
  const folder = join(shelf, key);
  await withLock(join(shelf, 'building.lock'), async () => {
    if (isComplete(folder)) return;
    await ensurePackages(root, env);
    await build(site, folder, { root, env });
    forgetOld(shelf, site);
  });
  return folder;
};

const build = async (site: Site, folder: string, { root, env }: BuildOptions): Promise<void> => {
  linkPackages(root, site);
  const half = `${folder}.half`;
  try {
    const vite = join(root, 'pages-kit/node_modules/vite/bin/vite.js');
    const { code, output } = await runProgram(
      process.execPath,
      [vite, 'build', join(root, site.folder), '--outDir', half, '--logLevel', 'warn'],
      { cwd: join(root, site.folder), env: { ...env, NODE_ENV: 'production' } },
    );
    if (code !== 0) throw new Error(`the site ${site.name} could not be built:\n${gist(output)}`);
    rmSync(folder, { recursive: true, force: true });
    renameSync(half, folder);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
};

const forgetOld = (shelf: string, { name }: Site): void => {
  const builds = readdirSync(shelf)
    .filter((entry) => entry.startsWith(`${name}-`))
    .map((entry) => join(shelf, entry))
    .sort((left, right) => statSync(right).mtimeMs - statSync(left).mtimeMs);
  for (const old of builds.slice(kept)) rmSync(old, { recursive: true, force: true });
};
