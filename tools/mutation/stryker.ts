import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../../local/engine/run-program.ts';
import { runProgram } from '../../local/engine/run-program.ts';
import type { MutationShard } from './shards.ts';

const own = import.meta.dirname;

/** Its packages are needed by this command alone, so they are no part of the root install. */
const folderOf = (root: string): string => join(root, '.cordon/mutation');

/** Installs Stryker, unless the packages of this lock are there. Answers with its program. */
export const ensureStryker = async (root: string, env: Env): Promise<string> => {
  const folder = folderOf(root);
  const mark = join(folder, '.installed');
  const lock = readFileSync(join(own, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex');
  if (!existsSync(mark) || readFileSync(mark, 'utf8') !== hash) {
    mkdirSync(folder, { recursive: true });
    for (const name of ['package.json', 'package-lock.json'])
      cpSync(join(own, name), join(folder, name));
    // Vitest is that of the root, which Stryker's own lock does not name.
    const args = ['ci', '--legacy-peer-deps', '--no-audit', '--no-fund'];
    const { code, output } = await runProgram('npm', args, { cwd: folder, env });
    if (code !== 0) throw new Error(`Stryker could not be installed:\n${output}`);
    writeFileSync(mark, hash);
  }
  return join(folder, 'node_modules/@stryker-mutator/core/bin/stryker.js');
};

interface MutationRun {
  readonly root: string;
  readonly env: Env;
  readonly program: string;
  readonly name: string;
  readonly shard: MutationShard;
  /** How many workers; each takes about a core. */
  readonly workers: number;
}

const configOf = ({ root, name, shard, workers }: MutationRun) => {
  const folder = folderOf(root);
  const runner = 'node_modules/@stryker-mutator/vitest-runner/dist/src/index.js';
  return {
    testRunner: 'vitest',
    plugins: [join(folder, runner)],
    vitest: { configFile: 'tools/mutation/vitest.config.ts', related: false },
    mutate: shard.mutate,
    concurrency: workers,
    coverageAnalysis: 'perTest',
    // What was judged before, and whose code and tests are the same, is not judged again.
    incremental: true,
    incrementalFile: join(folder, `${name}.incremental.json`),
    reporters: ['clear-text', 'json', 'progress-append-only'],
    clearTextReporter: { logTests: false, allowColor: false, reportScoreTable: false },
    jsonReporter: { fileName: join(folder, `${name}.json`) },
    tempDirName: join('.cordon/mutation', `tmp-${name}`),
    ignorePatterns: ['.cordon', '.git', 'cdk.out', 'dist', 'docs', 'console/pages'],
    timeoutMS: 15_000,
    allowConsoleColors: false,
  };
};

/** Runs Stryker at low priority. Answers with its report; nothing where it has said what failed. */
export const stryker = async (run: MutationRun): Promise<unknown> => {
  const { root, env, program, name, shard } = run;
  const config = join(folderOf(root), `${name}.config.json`);
  writeFileSync(config, JSON.stringify(configOf(run), undefined, 2));
  const child = spawn('nice', ['-n', '19', process.execPath, program, 'run', config], {
    cwd: root,
    env: {
      ...env,
      CORDON_MUTATION_TESTS: shard.tests.join(','),
      CORDON_MUTATION_SLOW: (shard.slow ?? []).join(','),
    },
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) return undefined;
  const report: unknown = JSON.parse(readFileSync(join(folderOf(root), `${name}.json`), 'utf8'));
  return report;
};
