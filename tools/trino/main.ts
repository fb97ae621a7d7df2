import { join } from 'node:path';
import { compare } from './compare.ts';
import { judge } from './grammar.ts';
import { statements } from './statements.ts';

const cache = join(import.meta.dirname, '../../.cordon/trino');
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/**
 * `npm run test:trino`: every statement, judged by Trino's parser; then, but for `-- --grammar`,
 * asked of a real Trino and compared row by row.
 */
const main = async (): Promise<void> => {
  const verdicts = judge(statements, cache);
  for (const { name, verdict } of verdicts)
    say(
      `grammar  ${verdict === 'ok' ? 'ok ' : 'BAD'}  ${name}${verdict === 'ok' ? '' : `: ${verdict}`}`,
    );
  say(
    `Trino's parser (435) read ${verdicts.length} statements, the table apart: it is declared to Glue and has no DDL text.`,
  );
  if (verdicts.some(({ verdict }) => verdict !== 'ok')) process.exitCode = 1;
  if (process.argv.includes('--grammar')) return void say('No Trino ran: grammar only.');
  const compared = await compare(statements, cache, say);
  if (compared.some(({ same }) => !same)) process.exitCode = 1;
};

await main();
