import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CordonError } from '../../../operator/errors.ts';
import { diskFull, speaksOfFullDisk } from '../disk-errors.ts';
import { fingerprint } from '../fingerprint.ts';
import { nodeLeash } from '../leash.ts';
import { withLock } from '../lock.ts';
import { type Env, gist, runProgram, type Say } from '../run-program.ts';

/** How to fetch what only some runs need. */
export interface FetchOptions {
  /** The folder with `.cordon`. */
  readonly root: string;
  readonly env: Env;
  readonly say?: Say | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Packages of npm that the root does not install: a folder with a `package.json` and its lock. */
export interface Packages {
  /** What they are for people, such as `PostgreSQL`. */
  readonly what: string;
  readonly list: string;
  /** A path below `node_modules` that is there when the packages are. */
  readonly proof: string;
}

const FILES = ['package.json', 'package-lock.json'];

/** Where the packages are once they are fetched; another lock or processor has another folder. */
export const folderOf = (root: string, { list }: Packages): string =>
  join(
    root,
    '.cordon/services',
    `${basename(list)}-${fingerprint(list, FILES, process.arch).slice(0, 12)}`,
  );

export const isFetched = (folder: string, { proof }: Packages): boolean =>
  existsSync(join(folder, 'node_modules', proof));

/**
 * Fetches packages as their lock says, once; returns the folder that has their `node_modules`. It
 * becomes visible under its name when it is whole, so a broken download is made again. `finish`
 * does what an install script would do: none is run.
 */
export const ensurePackages = async (
  packages: Packages,
  options: FetchOptions,
  finish: (folder: string) => void = () => undefined,
): Promise<string> => {
  const folder = folderOf(options.root, packages);
  if (isFetched(folder, packages)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const work = async (): Promise<string> => {
    if (!isFetched(folder, packages)) await fetchInto(folder, packages, options, finish);
    return folder;
  };
  return withLock(`${folder}.lock`, work, { signal: options.signal });
};

const fetchInto = async (
  folder: string,
  packages: Packages,
  { env, say, signal }: FetchOptions,
  finish: (folder: string) => void,
): Promise<void> => {
  const half = `${folder}.half`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { recursive: true });
  try {
    for (const file of FILES) copyFileSync(join(packages.list, file), join(half, file));
    say?.(`fetching ${packages.what} into .cordon/services/${basename(folder)} (once)`, 'doing');
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
    const { code, output } = await runProgram('npm', args, {
      env: { ...env, NODE_OPTIONS: `${env.NODE_OPTIONS ?? ''} --import=${nodeLeash}`.trim() },
      cwd: half,
      signal,
      leash: true,
    });
    if (code !== 0 || !isFetched(half, packages)) throw notFetched(half, packages, output);
    finish(half);
    rmSync(folder, { recursive: true, force: true });
    renameSync(half, folder);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
};

const notFetched = (folder: string, { what }: Packages, output: string): CordonError => {
  if (speaksOfFullDisk(output)) return diskFull(folder);
  const why = gist(output) || `  npm has none for ${process.platform} on ${process.arch}`;
  return new CordonError(
    `${what} could not be fetched; check the network and the registry that npm uses, then run ` +
      `the command again:\n${why}`,
  );
};
