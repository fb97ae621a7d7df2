import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { CordonError } from '../../operator/errors.ts';
import { chosenNames } from './chosen.ts';
import { diskFull, speaksOfFullDisk } from './disk-errors.ts';
import { exhausted } from './exhausted.ts';
import { checkFiles, listFiles } from './file-list.ts';
import { fingerprint, OPTIONS_FILE, SYNTH_INPUTS } from './fingerprint.ts';
import { nodeLeash } from './leash.ts';
import { withLock } from './lock.ts';
import { field, readJson } from './parse.ts';
import { type Folders, moduleOf, nodeOf, projectOf } from './project.ts';
import { type Env, gist, runProgram, type Say } from './run-program.ts';
import { ACCOUNT, REGION } from './settings.ts';
import { ensureSites } from './sites.ts';

interface SynthOptions extends Folders {
  readonly env: Env;
  /** In place of `cordon.config.json`. */
  readonly config?: Readonly<Record<string, unknown>> | undefined;
  /** The systems that are chosen besides those of the configuration. */
  readonly systems?: readonly string[] | undefined;
  readonly say?: Say | undefined;
  readonly signal?: AbortSignal | undefined;
}

const KEPT = 4;

/** The cloud assembly of the code, and whether it was made just now. */
interface Synthesis {
  readonly assembly: string;
  readonly made: boolean;
  /** The files of the kept assembly that were missing or had changed: it was made anew. */
  readonly damaged: readonly string[];
}

/**
 * The cloud assembly of the code: made from `infra/app.ts`, or taken from `.cordon/synth/`
 * when neither its inputs nor its own files have changed since.
 */
export const synth = async (options: SynthOptions): Promise<Synthesis> => {
  const { root, signal } = options;
  const cache = join(root, '.cordon/synth');
  const key = keyOf(options);
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
        await ensureSites({ ...options, systems: chosenNames(options) });
        // Every assembly bundles into the same `.cordon/dist`.
        await withLock(join(cache, 'bundling.lock'), () => run(options, half), { signal });
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

/** A hash of everything that can change the assembly. */
const keyOf = ({ root, project, config, systems }: SynthOptions): string => {
  const code = fingerprint(projectOf({ root, project }), SYNTH_INPUTS, process.version);
  const chosen = chosenNames({ root, config, systems }).join();
  return fingerprint(root, [OPTIONS_FILE], `${code}${JSON.stringify(config) ?? ''}${chosen}`);
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
const run = async (options: SynthOptions, folder: string): Promise<void> => {
  const { root, env, config, signal } = options;
  const systems = chosenNames(options);
  const project = projectOf(options);
  const node = nodeOf(project);
  const { code, output } = await runProgram(
    node,
    ['--import', nodeLeash, moduleOf(project, 'infra/app')],
    {
      leash: true,
      cwd: root,
      signal,
      env: {
        PATH: `${dirname(node)}:${env.PATH ?? ''}`,
        // The library of CDK keeps fingerprints of assets in the home folder.
        HOME: join(root, '.cordon/cdk'),
        TMPDIR: folder,
        CDK_OUTDIR: folder,
        CDK_CONTEXT_JSON: JSON.stringify({
          ...contextOf(project),
          ...(config && { cordon: config }),
          ...(systems.length > 0 && { 'cordon:with': systems.join() }),
        }),
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
const contextOf = (project: string): Record<string, unknown> => ({
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:version-reporting': true,
  'aws:cdk:bundling-stacks': ['**'],
  'cordon:local': true,
  ...Object.fromEntries(
    Object.entries(field(readJson(join(project, 'cdk.json')), 'context') ?? {}),
  ),
});

const forgetOld = (cache: string): void => {
  const folders = readdirSync(cache, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !entry.name.endsWith('.half'),
  );
  const byAge = folders
    .map(({ name }) => join(cache, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const old of byAge.slice(KEPT)) rmSync(old, { recursive: true, force: true });
};
