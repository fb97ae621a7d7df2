// `npm run test:mutation`: changes one thing after the other in the rooms that decide and contain,
// and counts which changes a test notices. Arguments are shards; `--only <file>` mutates one file.
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { percentOf, scoresIn, scoreText, together } from './score.ts';
import { isShard, type MutationShard, type ShardName, shards } from './shards.ts';
import { ensureStryker, stryker } from './stryker.ts';

const root = join(dirname(import.meta.dirname), '..');
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/** Of each room; less is an error. */
const leastPercent = 85;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, workers: { type: 'string', default: '2' } },
});

const names = (positionals.length > 0 ? positionals : Object.keys(shards)).map(
  (name): ShardName => {
    if (isShard(name)) return name;
    throw new Error(`there is no shard ${name}: the shards are ${Object.keys(shards).join(', ')}`);
  },
);

const program = await ensureStryker(root, process.env);
for (const name of names) {
  const whole: MutationShard = shards[name];
  const shard = { ...whole, ...(values.only !== undefined && { mutate: [values.only] }) };
  const workers = Number(values.workers);
  const run = { root, env: process.env, program, name, shard, workers };
  const report = await stryker(run);
  if (report === undefined) {
    say(`mutation: ${name} was not judged; Stryker says above why`);
    process.exitCode = 1;
    continue;
  }
  const scores = scoresIn(report);
  for (const [file, score] of scores) say(scoreText(file, score));
  const score = together(scores.values());
  say(scoreText(`mutation: ${name}`, score));
  if (percentOf(score) < leastPercent) process.exitCode = 1;
}
