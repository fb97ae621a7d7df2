import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CordonError } from '../../operator/errors.ts';
import { nodeLeash } from './leash.ts';
import { type Folders, nodeOf, projectOf } from './project.ts';
import { type Env, gist, runProgram, type Say } from './run-program.ts';

interface SiteOptions extends Folders {
  readonly env: Env;
  /** The systems that are chosen: the pages of no other are built. */
  readonly systems?: readonly string[] | undefined;
  readonly say?: Say | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Builds the pages of the checkout that have changed, before the synthesis looks for them: only
 * here are the settings of the person at hand with which npm reaches its registry. The installed
 * package has its pages built already.
 */
export const ensureSites = async (options: SiteOptions): Promise<void> => {
  const { env, systems = [], say, signal } = options;
  const project = projectOf(options);
  const tool = join(project, 'tools/pages/main.ts');
  if (!existsSync(tool)) return;
  const began = performance.now();
  const words = ['--import', nodeLeash, tool, '--with', systems.join()];
  const { code, output } = await runProgram(nodeOf(project), words, {
    ...{ cwd: project, env, signal, leash: true },
  });
  if (code !== 0)
    throw new CordonError(
      `the pages could not be built; run "npm run pages" to look closer:\n${gist(output)}`,
    );
  const seconds = (performance.now() - began) / 1_000;
  if (seconds > 2) say?.(`pages built (${seconds.toFixed(1)} s)`);
};
