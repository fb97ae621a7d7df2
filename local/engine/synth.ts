import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { CordonError } from '../../operator/errors.ts';
import { diskFull, speaksOfFullDisk } from './disk-errors.ts';
import { exhausted } from './exhausted.ts';
import { checkFiles, listFiles } from './file-list.ts';
import { fingerprint, SYNTH_INPUTS } from './fingerprint.ts';
import { nodeLeash } from './leash.ts';
import { lockHolder, withLock } from './lock.ts';
import { field, readJson } from './parse.ts';
import { type Env, gist, runProgram } from './run-program.ts';
import { ACCOUNT, REGION } from './settings.ts';

interface SynthOptions {
  readonly root: string;
  readonly env: Env;
  /** In place of the checkout's own `cordon.config.json`. */
  readonly config?: Readonly<Record<string, unknown>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

const KEPT = 4;

/** The cloud assembly of this checkout, and whether it was made just now. */
interface Synthesis {
  readonly assembly: string;
  readonly made: boolean;
  /** The files of the kept assembly that were missing or had changed: it was made anew. */
  readonly damaged: readonly string[];
}

/**
 * The cloud assembly of this checkout: made from `infra/app.ts`, or taken from `.cordon/synth/`
 * when neither its inputs nor its own files have changed since.
 */
export const synth = async ({ root, env, config, signal }: SynthOptions): Promise<Synthesis> => {
  const cache = join(root, '.cordon/synth');
  const key = fingerprint(root, SYNTH_INPUTS, `${process.version}${JSON.stringify(config) ?? ''}`);
  const assembly = join(cache, key);
  return withLock(
    join(cache, `${key}.lock`),
    async () => {
      const damaged = existsSync(assembly) ? damagedFiles(assembly) : [];
      if (existsSync(assembly) && damaged.length === 0) {
        utimesSync(assembly, new Date(), new Date()); // `forgetOld` keeps the most recently used
        return { assembly, made: false, damaged };
      }
      const half = join(cache, `${key}.half`);
      rmSync(half, { recursive: true, force: true });
      try {
        mkdirSync(half, { recursive: true });
        // Every assembly of a checkout bundles into the same dist/.
        await withLock(
          join(cache, 'bundling.lock'),
          () => run({ root, env, config, signal }, half),
          { signal },
        );
        listFiles(half);
        rmSync(assembly, { recursive: true, force: true });
        renameSync(half, assembly);
      } finally {
        rmSync(half, { recursive: true, force: true }); // a failed synthesis must not fill the disk
      }
      forgetOld(cache);
      return { assembly, made: true, damaged };
    },
    { signal },
  );
};

/** An assembly is small, so every file of it is read. Without a list it cannot be trusted. */
const damagedFiles = (assembly: string): readonly string[] => {
  const { isListed, damaged } = checkFiles(assembly, 'full');
  return isListed ? damaged : ['the list of its files'];
};

/**
 * `cdk synth` without its 2 s of start: the app itself, told by the same variables where to write
 * and which flags are set.
 */
const run = async ({ root, env, config, signal }: SynthOptions, folder: string): Promise<void> => {
  const node = join(root, 'node_modules/.bin/node');
  const { code, output } = await runProgram(
    existsSync(node) ? node : process.execPath,
    ['--import', nodeLeash, 'infra/app.ts'],
    {
      leash: true,
      cwd: root,
      signal,
      env: {
        PATH: `${join(root, 'node_modules/.bin')}:${env.PATH ?? ''}`,
        HOME: env.HOME,
        TMPDIR: folder,
        CDK_OUTDIR: folder,
        CDK_CONTEXT_JSON: JSON.stringify({ ...contextOf(root), ...(config && { cordon: config }) }),
        CDK_DEFAULT_ACCOUNT: ACCOUNT,
        CDK_DEFAULT_REGION: REGION,
        NODE_COMPILE_CACHE: join(root, '.cordon/node'),
      },
    },
  );
  if (code === 0 && existsSync(join(folder, 'manifest.json'))) return;
  const why = exhausted(output);
  if (why) throw why;
  if (speaksOfFullDisk(output)) throw diskFull(folder);
  throw new CordonError(
    `infra/app.ts could not be synthesised; run "npx cdk synth" to look closer:\n${gist(output)}`,
  );
};

/** The context that the CDK command line would hand to the app. */
const contextOf = (root: string): Record<string, unknown> => ({
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:version-reporting': true,
  'aws:cdk:bundling-stacks': ['**'],
  ...Object.fromEntries(Object.entries(field(readJson(join(root, 'cdk.json')), 'context') ?? {})),
});

/** Removes the half-made assemblies of processes that were killed. */
export const forgetHalves = (root: string): void => {
  const cache = join(root, '.cordon/synth');
  if (!existsSync(cache)) return;
  for (const name of readdirSync(cache).filter((folder) => folder.endsWith('.half'))) {
    const half = join(cache, name);
    if (lockHolder(half.replace(/half$/, 'lock')) === undefined)
      rmSync(half, { recursive: true, force: true });
  }
};

const forgetOld = (cache: string): void => {
  const folders = readdirSync(cache, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !entry.name.endsWith('.half'),
  );
  const byAge = folders
    .map(({ name }) => join(cache, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const old of byAge.slice(KEPT)) rmSync(old, { recursive: true, force: true });
};
