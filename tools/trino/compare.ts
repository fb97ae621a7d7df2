import { setTimeout as sleep } from 'node:timers/promises';
import { AthenaClient } from '@aws-sdk/client-athena';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { clientConfig, type KeyedEngine } from '../../local/engine/clients.ts';
import { freePort } from '../../local/engine/port.ts';
import { startEngine } from '../../local/engine/start.ts';
import { errorMessage } from '../../responders/shared/errors.ts';
import { ask } from '../../responders/timeline/athena.ts';
import { literal } from '../../responders/timeline/bounds.ts';
import { upload } from '../bench/trail-place.ts';
import { makeTable } from '../bench/trail-table.ts';
import { account, files, region } from '../bench/trail-world.ts';
import { query } from './query.ts';
import { startTrino } from './server.ts';
import type { NamedStatement } from './statements.ts';
import { declare } from './table.ts';
import { seldom } from './world.ts';

const place = { accounts: [account], regions: [region, 'us-east-1'] };
const bucket = 'bench-trail';

/** A row as text, the same from both: columns by name, NULL as nothing, JSON in one spelling. */
const told = (row: Readonly<Record<string, string>>): string =>
  JSON.stringify(
    Object.entries(row)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, value]) => [name, /^[{[]/.test(value) ? (JSON.parse(value) as unknown) : value]),
  );

const ofTrino = async (
  endpoint: string,
  { sql, parameters }: NamedStatement,
): Promise<readonly string[]> => {
  const { columns, rows } = await query(
    endpoint,
    `EXECUTE IMMEDIATE ${literal(sql)} USING ${parameters.join(', ')}`,
  );
  return rows
    .map((row) =>
      told(Object.fromEntries(columns.map((name, index) => [name, String(row[index] ?? '')]))),
    )
    .sort();
};

const ofEngine = async (
  engine: KeyedEngine,
  { name, sql, parameters }: NamedStatement,
): Promise<readonly string[]> => {
  const client = new AthenaClient(clientConfig(engine));
  const athena = { client, workgroup: 'cordon', database: 'cordon', now: Date.now, sleep };
  const answer = await ask(
    { id: 'calls', sql, parameters },
    { occasion: name, deadline: Date.now() + 120_000 },
    athena,
  );
  if (answer.state !== 'complete') throw new Error(answer.why);
  return answer.rows.map(told).sort();
};

const ended = (asked: Promise<readonly string[]>): Promise<readonly string[] | string> =>
  asked.catch(errorMessage);

const failureOf = (answer: readonly string[] | string): string =>
  typeof answer === 'string' ? answer : 'ok';

const verdict = (
  name: string,
  here: readonly string[] | string,
  there: readonly string[] | string,
): { same: boolean; line: string } => {
  if (typeof here === 'string' || typeof there === 'string')
    return {
      same: false,
      line: `BAD  ${name}: engine ${failureOf(here)}; Trino ${failureOf(there)}`,
    };
  const different = here.findIndex((row, index) => row !== there[index]);
  // Nothing equal to nothing proves nothing.
  if (here.length > 0 && here.length === there.length && different < 0)
    return { same: true, line: `ok   ${name}: ${here.length} rows` };
  return {
    same: false,
    line: [
      `BAD  ${name}: ${here.length} rows here, ${there.length} there`,
      `  ${here[different]}`,
      `  ${there[different]}`,
    ].join('\n'),
  };
};

/**
 * The same statements over the same bucket: by the engine, which translates them, and by a real
 * Trino, which does not.
 */
export const compare = async (
  statements: readonly NamedStatement[],
  cache: string,
  say: (line: string) => unknown,
): Promise<readonly { readonly same: boolean }[]> => {
  const engine = await startEngine({ root: `${cache}/../..`, port: await freePort(), by: 'bench' });
  try {
    await new S3Client(clientConfig(engine)).send(new CreateBucketCommand({ Bucket: bucket }));
    await makeTable(engine, { location: `s3://${bucket}/AWSLogs`, ...place, database: 'cordon' });
    const shape = { days: 4, filesPerDay: 10, eventsPerFile: 500 };
    await upload(engine, [...files(shape), ...seldom()]);
    say('Starting Trino 476 (the first time it is downloaded: 0.86 GB) …');
    const trino = await startTrino(cache, engine.endpoint);
    try {
      await declare(trino.endpoint, { bucket, ...place });
      const results: { readonly same: boolean }[] = [];
      for (const statement of statements) {
        const result = verdict(
          statement.name,
          await ended(ofEngine(engine, statement)),
          await ended(ofTrino(trino.endpoint, statement)),
        );
        say(`rows     ${result.line}`);
        results.push(result);
      }
      const alike = results.filter(({ same }) => same).length;
      say(
        `Trino 476 and the engine answered ${results.length} statements over the same files; ` +
          `${alike} alike.`,
      );
      return results;
    } finally {
      await trino.stop();
    }
  } finally {
    await engine.stop();
  }
};
