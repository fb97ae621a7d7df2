import type { Stage, Table } from '../core/case.ts';
import { saveStage } from '../core/case-table.ts';

/** Runs one stage and writes down how it went. A failure is recorded by the report, which the state machine tells. */
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
