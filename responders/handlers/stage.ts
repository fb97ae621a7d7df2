import type { Stage, Table } from '../incident/case.ts';
import { saveStage } from '../incident/case-table.ts';
import { at } from '../shared/json.ts';

/**
 * What the state machine caught. Written by the next who tells of it, because a stage that failed
 * may not have been able to.
 */
export const recordFailures = async (table: Table, id: string, input: unknown): Promise<void> => {
  const failed = at(input, 'failed');
  for (const one of Array.isArray(failed) ? failed.flat(2) : []) {
    const [name, error] = [at(one, 'name'), at(one, 'error')];
    if (typeof name === 'string')
      await saveStage(table, id, { name, status: 'failed', ms: 0, error: String(error) });
  }
};

/**
 * Runs one stage and writes down how it went. A failure is recorded by the report, which the state
 * machine tells.
 */
export const stage = async <T extends object>(
  { table, name, id }: { table: Table; name: string; id: string },
  work: () => Promise<T>,
): Promise<T & Stage> => {
  const started = Date.now();
  const result = await work();
  const done = { status: 'ok' as const, ...result, name, ms: Date.now() - started };
  await saveStage(table, id, done);
  return done;
};
