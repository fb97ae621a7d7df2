import { spawnSync } from 'node:child_process';
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { needed, run } from './programs.ts';
import type { NamedStatement } from './statements.ts';

const here = import.meta.dirname;

/** Goes on where it stopped: a registry may be busy for a moment. */
const download = (to: string, left = 2): void => {
  try {
    run('mvn', [
      '-q',
      '-B',
      '-f',
      join(here, 'pom.xml'),
      'dependency:copy-dependencies',
      `-DoutputDirectory=${to}`,
    ]);
  } catch (error) {
    if (left === 0) throw error;
    download(to, left - 1);
  }
};

/**
 * What Trino's own parser says of each. Throws what is missing on this machine, and where the
 * parser would accept anything.
 */
export const judge = (
  statements: readonly NamedStatement[],
  cache: string,
): readonly { readonly name: string; readonly verdict: string }[] => {
  needed('java', 'a JDK (Debian: default-jdk-headless)');
  const jars = join(cache, 'parser-435');
  if (!existsSync(jars)) {
    needed('mvn', 'Maven (Debian: maven)');
    download(`${jars}.new`);
    renameSync(`${jars}.new`, jars);
  }
  // The last is no statement: a parser that accepts it proves nothing.
  const texts = [...statements.map(({ sql }) => sql), 'SELECT FROM WHERE'];
  const input = texts.join('\n--\n');
  const { stdout, stderr } = spawnSync('java', ['-cp', `${jars}/*`, join(here, 'Grammar.java')], {
    input,
    encoding: 'utf8',
  });
  const verdicts = stdout.trim().split('\n');
  if (verdicts.length !== texts.length || verdicts.at(-1) === 'ok')
    throw new Error(`the parser said ${verdicts.length} things:\n${stdout}${stderr}`);
  return statements.map(({ name }, index) => ({ name, verdict: verdicts[index] ?? '' }));
};
