import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { watchStarters } from '../../cli/parent.ts';
import { CordonError } from '../../operator/errors.ts';
import { countsLine } from '../test/counts.ts';
import { conform } from './conform.ts';

const usage = 'npm run test:openapi -- [--seed <number>] [--examples <number>]';

const wholeNumber = (name: string, text: string, most: number): number => {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= most) return number;
  throw new CordonError(`--${name} wants a number from 0 to ${most}: ${usage}`, { code: 2 });
};

const verdictOf = (problems: readonly string[], seed: number): string =>
  problems.length === 0
    ? 'The API does what protected-app/openapi.json says.'
    : `test:openapi: the API and protected-app/openapi.json differ: ${problems.join('; ')}. ` +
      `Repeat with: npm run test:openapi -- --seed ${seed}`;

/** `npm run test:openapi`: does the API do what protected-app/openapi.json says? */
const main = async (): Promise<number> => {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => stop.abort(new CordonError(`stopped by ${name}`)));
  watchStarters(process.env, (reason) => stop.abort(new CordonError(reason.message)));
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  try {
    const { values } = parseArgs({
      options: { seed: { type: 'string' }, examples: { type: 'string', default: '5' } },
    });
    const given = values.seed ?? String(Math.floor(Math.random() * 2 ** 31));
    const seed = wholeNumber('seed', given, 2 ** 32);
    const { counts, problems } = await conform({
      root: join(dirname(import.meta.dirname), '..'),
      env: process.env,
      signal: stop.signal,
      say,
      seed,
      examples: wholeNumber('examples', values.examples, 10_000),
    });
    say(verdictOf(problems, seed));
    process.stdout.write(`${countsLine('openapi', counts)}\n`);
    return problems.length === 0 ? 0 : 1;
  } catch (error) {
    const isOurs = error instanceof CordonError;
    say(
      isOurs || !(error instanceof Error)
        ? `test:openapi: ${error instanceof Error ? error.message : String(error)}`
        : `${error.stack}`,
    );
    return isOurs ? error.code : 1;
  }
};

process.exit(await main());
