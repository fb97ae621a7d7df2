import type { AthenaRow } from './athena.ts';
import type { Call } from './call.ts';
import { callOfRow, jsonOf } from './rows.ts';

/** Parameters of the first calls, each call once: a file may have been delivered twice. */
const wantedIn = (lines: string): readonly unknown[] => {
  const byId = new Map(
    lines.split('\n').map((line) => {
      const [id = ''] = line.split(' ', 1);
      return [id, jsonOf(line.slice(id.length + 1))];
    }),
  );
  return [...byId.values()];
};

/** A row of `countedCallsOf` as its first call, with the count. */
export const countedOfRow = (row: AthenaRow): Call | undefined => {
  const call = callOfRow(row);
  const parameters = wantedIn(row.wanted ?? '');
  const counted = { calls: Number(row.calls), last: row.latest ?? '', parameters };
  return call && { ...call, parameters: parameters[0], counted };
};

const isSameKind = (call: Call, line: Call): boolean =>
  call.caller.arn === line.caller.arn &&
  call.service === line.service &&
  call.name === line.name &&
  call.error === line.error &&
  call.sourceIp === line.sourceIp;

/**
 * Calls of the event history without those that a line has counted already: the same kind of call,
 * at a time between its first and its last.
 */
export const notCounted = (calls: readonly Call[], lines: readonly Call[]): readonly Call[] =>
  calls.filter(
    (call) =>
      !lines.some(
        (line) =>
          line.counted &&
          isSameKind(call, line) &&
          line.at <= call.at &&
          call.at <= line.counted.last,
      ),
  );
