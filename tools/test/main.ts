// `npm test`: types and style, the templates, then unit and engine tests. Arguments are Vitest's.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { field, readJson } from '../../local/engine/parse.ts';
import { chosen } from './touched.ts';

const root = join(import.meta.dirname, '../..');
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

/** Ends with what the first command that fails ends with. */
const run = (command: string, ...args: readonly string[]): void => {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
};

/** Runs scripts of package.json beside each other; ends when all have ended and one has failed. */
const runTogether = async (...scripts: readonly (readonly string[])[]): Promise<void> => {
  const codes = await Promise.all(
    scripts.map(async ([name = '', ...args]) => {
      const more = args.length > 0 ? ['--', ...args] : [];
      const command = ['run', '--silent', name, ...more];
      const [code] = await once(spawn('npm', command, { cwd: root, stdio: 'inherit' }), 'exit');
      return Number(code ?? 1);
    }),
  );
  const failed = codes.find((code) => code !== 0);
  if (failed !== undefined) process.exit(failed);
};

const bin = (name: string): string => join(root, 'node_modules/.bin', name);

const vitest = (...args: readonly string[]): void =>
  run(process.execPath, bin('vitest'), 'run', ...args);

const git = (...args: readonly string[]): readonly string[] =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);

/** What differs from that commit; without one, what is not committed. */
const changedSince = (since: string | undefined): readonly string[] => [
  ...(since === undefined ? [] : git('diff', '--name-only', `${since}...HEAD`)),
  ...git('diff', '--name-only', 'HEAD'),
  ...git('ls-files', '--others', '--exclude-standard'),
];

/** Two files at a time, on a quiet machine, beside the unit tests: below two minutes in all. */
const engineSeconds = 90;
/** Of a file that never ran here. */
const unknownSeconds = 15;

const engineTests = (since: string | undefined): readonly string[] => {
  const kept = field(readJson(join(root, '.cordon/test-times.json')), 'files');
  const secondsOf = (test: string): number =>
    Number(field(field(kept, test), 'seconds') ?? unknownSeconds);
  const tests = globSync('test/engine/**/*.test.ts', { cwd: root }).sort();
  const choice = chosen(changedSince(since), tests, { secondsOf, seconds: engineSeconds });
  if (choice.leftOut.length > 0)
    say(`left to the whole suite, for want of time:\n  ${choice.leftOut.join('\n  ')}`);
  return choice.run;
};

/** `--changed`, with the commit since when; what else was said is for Vitest. */
const onlyChanged = (since: string | undefined, others: readonly string[]): void => {
  const changed = since === undefined ? '--changed' : `--changed=${since}`;
  run(bin('tsc'), '-p', '.');
  run(bin('biome'), 'check');
  vitest('--project', 'unit', changed, '--passWithNoTests', ...others);
  // They read files instead of importing them, so that Vitest never finds them touched.
  vitest('--project', 'unit', 'test/structure', ...others);
  const engine = engineTests(since);
  if (engine.length > 0) vitest('--project', 'engine', ...engine, ...others);
};

const args = process.argv.slice(2);
const at = args.findIndex((arg) => /^--changed(=|$)/.test(arg));
if (at === -1) {
  // No principals are named here, as in a local run; for AWS the synthesis refuses that.
  await runTogether(['check'], ['synth', '--context', 'cordon:local=true']);
  const projects = args.some((arg) => /^--project(=|$)/.test(arg))
    ? []
    : ['--project', 'unit', '--project', 'engine'];
  vitest(...projects, ...args);
} else {
  const [asked = '', next] = args.slice(at);
  const isOwn = asked === '--changed' && next !== undefined && !next.startsWith('-');
  const since = isOwn ? next : asked.split('=')[1];
  onlyChanged(since, args.toSpliced(at, isOwn ? 2 : 1));
}
