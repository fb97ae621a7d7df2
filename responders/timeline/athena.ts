import { createHash } from 'node:crypto';
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  type QueryExecution,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { errorText, isThrottle } from '../shared/errors.ts';
import { printable } from '../shared/printable.ts';
import type { Statement } from './sql.ts';

export interface Athena {
  readonly client: AthenaClient;
  readonly workgroup: string;
  readonly database: string;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

export type AthenaRow = Readonly<Record<string, string>>;

/** Rows; or not yet, and asking again finds the same query; or never. */
export type QueryAnswer =
  | {
      readonly state: 'complete';
      readonly rows: readonly AthenaRow[];
      readonly bytes: number;
      readonly ms: number;
    }
  | {
      readonly state: 'pending' | 'failed';
      readonly why: string;
      readonly bytes: number;
      readonly ms: number;
    };

/**
 * The same question of the same incident has the same token: Athena then answers with the query
 * that already runs.
 */
const tokenOf = ({ sql, parameters }: Statement, occasion: string): string =>
  createHash('sha256')
    .update(JSON.stringify([occasion, sql, parameters]))
    .digest('hex');

const said = (error: unknown): string => printable(errorText(error), 300);

/**
 * Result reuse stays off: an answer from before the last delivery would be taken for the newest.
 */
const start = async (
  statement: Statement,
  occasion: string,
  { client, workgroup, database }: Athena,
): Promise<string> => {
  const { QueryExecutionId = '' } = await client.send(
    new StartQueryExecutionCommand({
      QueryString: statement.sql,
      ExecutionParameters: [...statement.parameters],
      WorkGroup: workgroup,
      QueryExecutionContext: { Database: database },
      ClientRequestToken: tokenOf(statement, occasion),
      ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: false } },
    }),
  );
  return QueryExecutionId;
};

const costOf = ({ Statistics }: QueryExecution) => ({
  bytes: Statistics?.DataScannedInBytes ?? 0,
  ms: Statistics?.TotalExecutionTimeInMillis ?? 0,
});

/** Until it has ended, or until patience has: then the query is still `QUEUED` or `RUNNING`. */
const settled = async (
  QueryExecutionId: string,
  deadline: number,
  { client, now, sleep }: Athena,
): Promise<QueryExecution> => {
  for (let pause = 100; ; pause = Math.min(pause * 1.5, 2_000)) {
    const { QueryExecution = {} } = await client.send(
      new GetQueryExecutionCommand({ QueryExecutionId }),
    );
    const waiting = ['QUEUED', 'RUNNING'].includes(QueryExecution.Status?.State ?? '');
    if (!waiting || now() + pause > deadline) return QueryExecution;
    await sleep(pause);
  }
};

/** Athena's first row is the header. A NULL has no value and becomes the empty text. */
const rowsOf = async (QueryExecutionId: string, client: AthenaClient): Promise<AthenaRow[]> => {
  const rows: string[][] = [];
  for await (const { ResultSet } of paginateGetQueryResults(
    { client, pageSize: 1_000 },
    { QueryExecutionId },
  ))
    rows.push(
      ...(ResultSet?.Rows ?? []).map(({ Data = [] }) =>
        Data.map(({ VarCharValue = '' }) => VarCharValue),
      ),
    );
  const [names = [], ...values] = rows;
  return values.map((row) =>
    Object.fromEntries(names.map((name, index) => [name, row[index] ?? ''])),
  );
};

/**
 * Asks, and waits until the deadline. Every way in which Athena can refuse is an answer, never an
 * exception.
 */
export const ask = async (
  statement: Statement,
  { occasion, deadline }: { readonly occasion: string; readonly deadline: number },
  athena: Athena,
): Promise<QueryAnswer> => {
  const began = athena.now();
  const failing = (error: unknown): QueryAnswer => ({
    state: isThrottle(error) ? 'pending' : 'failed',
    why: said(error),
    bytes: 0,
    ms: athena.now() - began,
  });
  try {
    const id = await start(statement, occasion, athena);
    const execution = await settled(id, deadline, athena);
    const { State = 'UNKNOWN', StateChangeReason = '' } = execution.Status ?? {};
    if (State === 'SUCCEEDED')
      return { state: 'complete', rows: await rowsOf(id, athena.client), ...costOf(execution) };
    if (State === 'QUEUED' || State === 'RUNNING')
      return { state: 'pending', why: `the query is ${State}`, ...costOf(execution) };
    return {
      state: 'failed',
      why: printable(`${State}: ${StateChangeReason}`, 300),
      ...costOf(execution),
    };
  } catch (error) {
    return failing(error);
  }
};
