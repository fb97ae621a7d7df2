import { randomInt } from 'node:crypto';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { field, readJson } from '../../local/engine/parse.ts';
import { type Env, gist, runProgram } from '../../local/engine/run-program.ts';
import type { Line } from './statistics.ts';

const root = join(import.meta.dirname, '../..');

/** The test files that are small in the suite: they ask for their size. */
export const sizedFiles = (): readonly string[] =>
  globSync('test/**/*.test.ts', { cwd: root })
    .filter((file) => /\bsized\(/.test(readFileSync(join(root, file), 'utf8')))
    .sort();

const listIn = (record: unknown, key: string): readonly unknown[] => {
  const list = field(record, key);
  return Array.isArray(list) ? list : [];
};

const lineOf = (result: unknown, seed: number): Line => {
  const tests = listIn(result, 'assertionResults');
  const ended = field(result, 'status') === 'passed';
  const failed = tests.filter((test) => field(test, 'status') !== 'passed').length;
  const ms = Number(field(result, 'endTime')) - Number(field(result, 'startTime'));
  return {
    what: `in full: ${String(field(result, 'name')).replace(`${root}/`, '')}`,
    unit: 'failed tests',
    // A file that could not be run has no test that failed.
    measured: ended ? failed : Math.max(failed, 1),
    most: 0,
    detail: `${tests.length} tests in ${(ms / 1_000).toFixed(0)} s, CORDON_SEED=${seed}`,
  };
};

/** What is small in the suite, at its full size and with a seed that nobody has tried. */
export const modelLines = async (
  env: Env,
  say: (line: string) => void,
): Promise<readonly Line[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-models-'));
  const [seed, file] = [randomInt(2 ** 31), join(folder, 'results.json')];
  try {
    const vitest = [join(root, 'node_modules/.bin/vitest'), 'run', ...sizedFiles()];
    const { output } = await runProgram(
      process.execPath,
      [...vitest, '--reporter=json', `--outputFile=${file}`],
      {
        cwd: root,
        env: { ...env, CORDON_SIZE: 'full', CORDON_SEED: String(seed) },
      },
    );
    const results = listIn(readJson(file), 'testResults');
    const lines = results.map((result) => lineOf(result, seed));
    for (const result of results)
      for (const test of listIn(result, 'assertionResults'))
        for (const message of listIn(test, 'failureMessages')) say(String(message));
    const missing = sizedFiles().length - lines.length;
    if (missing === 0) return lines;
    say(gist(output));
    return [...lines, { what: 'in full: not run', unit: 'files', measured: missing, most: 0 }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
