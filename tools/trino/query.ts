import { setTimeout as sleep } from 'node:timers/promises';
import { at } from '../../responders/shared/json.ts';

export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

const listAt = (value: unknown, path: string): readonly unknown[] => {
  const values = at(value, path);
  return Array.isArray(values) ? values : [];
};

/**
 * One statement by Trino's own protocol: ask, then follow the addresses that it gives until there
 * is none.
 */
export const query = async (endpoint: string, sql: string): Promise<Rows> => {
  const headers = {
    'x-trino-user': 'cordon',
    'x-trino-catalog': 'trail',
    'x-trino-schema': 'cordon',
  };
  let answer: unknown = await (
    await fetch(`${endpoint}/v1/statement`, { method: 'POST', headers, body: sql })
  ).json();
  const rows: (readonly unknown[])[] = [];
  let columns: readonly string[] = [];
  for (;;) {
    const error = at(answer, 'error.message');
    if (error !== undefined) throw new Error(String(error));
    columns =
      columns.length > 0
        ? columns
        : listAt(answer, 'columns').map((column) => String(at(column, 'name')));
    rows.push(...listAt(answer, 'data').filter(Array.isArray));
    const next = at(answer, 'nextUri');
    if (typeof next !== 'string') return { columns, rows };
    if (rows.length === 0) await sleep(20);
    answer = await (await fetch(next, { headers })).json();
  }
};
