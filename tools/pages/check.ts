import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Env, runProgram } from '../../local/engine/run-program.ts';
import { ensurePackages, linkPackages } from './packages.ts';
import { type Site, show } from './sites.ts';

interface CheckOptions {
  readonly root: string;
  readonly env: Env;
}

/**
 * Writes the types of the API from its document, where the sites look for them (`@contract`), and
 * checks the types of the sites and of their tests with them. Returns what is wrong, or nothing.
 */
export const checkSites = async (
  sites: readonly Site[],
  { root, env }: CheckOptions,
): Promise<string | undefined> => {
  const packages = join(root, 'pages-kit/node_modules');
  const run = async (script: string, ...args: readonly string[]): Promise<string | undefined> => {
    const program = [join(packages, script), ...args];
    const { code, output } = await runProgram(process.execPath, program, { cwd: root, env });
    return code === 0 ? undefined : output;
  };
  await ensurePackages(root, env);
  for (const site of [...sites, show]) {
    linkPackages(root, site);
    const wrong = (await contract(site, root, run)) ?? (await types(join(root, site.folder), run));
    if (wrong !== undefined) return wrong;
  }
  return types(join(root, testsOfPages), run);
};

type Run = (script: string, ...args: readonly string[]) => Promise<string | undefined>;

const contract = ({ name, api }: Site, root: string, run: Run): Promise<string | undefined> => {
  if (api === undefined) return Promise.resolve(undefined);
  if (!existsSync(join(root, api))) return Promise.resolve(`${api} is missing`);
  const folder = join(root, 'pages-kit/node_modules/.contract');
  mkdirSync(folder, { recursive: true });
  const output = join(folder, `${name}.d.ts`);
  return run('openapi-typescript/bin/cli.js', join(root, api), '--output', output);
};

const types = (folder: string, run: Run): Promise<string | undefined> =>
  run('vue-tsc/bin/vue-tsc.js', '-p', folder);

/** Tests of what pages do without a browser: they need the types of the contract as well. */
const testsOfPages = 'test/unit/pages';
