import { join } from 'node:path';
import { countsLine } from '../test/counts.ts';
import { compare } from './compare.ts';
import { judge } from './grammar.ts';
import { statements } from './statements.ts';

const cache = join(import.meta.dirname, '../../.cordon/trino');
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/** Every statement, judged by Trino's parser; answers with one verdict each. */
const judgeGrammar = (): readonly boolean[] => {
  const verdicts = judge(statements, cache);
  for (const { name, verdict } of verdicts)
    say(verdict === 'ok' ? `grammar  ok   ${name}` : `grammar  BAD  ${name}: ${verdict}`);
  say(
    `Trino's parser (435) read ${verdicts.length} statements, the table apart: ` +
      'it is declared to Glue and has no DDL text.',
  );
  return verdicts.map(({ verdict }) => verdict === 'ok');
};

/** The same statements, asked of a real Trino and compared row by row. */
const compareRows = async (): Promise<readonly boolean[]> => {
  if (process.argv.includes('--grammar')) {
    say('No Trino ran: grammar only.');
    return [];
  }
  return (await compare(statements, cache, say)).map(({ same }) => same);
};

/** `npm run test:trino`: the grammar, and without `-- --grammar` the rows too. */
const main = async (): Promise<void> => {
  const outcomes = [...judgeGrammar(), ...(await compareRows())];
  const passed = outcomes.filter(Boolean).length;
  const failed = outcomes.length - passed;
  say(countsLine('trino', { passed, failed, skipped: 0 }));
  if (failed > 0) process.exitCode = 1;
};

await main();
