import { S3Client } from '@aws-sdk/client-s3';
import { catalog } from '../catalog.ts';
import { readCase } from '../core/case.ts';
import { saveStage, update } from '../core/case-table.ts';
import { at } from '../core/door.ts';
import { json, store } from '../core/evidence.ts';
import { incidentIdOf, oneOf } from '../core/input.ts';
import { reportText } from '../report/text.ts';
import { log, serve, table, variable } from './environment.ts';
import { stage } from './stage.ts';

const make = () => ({ table: table(), to: { s3: new S3Client({}), bucket: variable('CORDON_BUCKET') } });
type Deps = ReturnType<typeof make>;

/** What the state machine caught. Written here, because a stage that failed may not have been able to. */
const recordFailures = async (id: string, failed: unknown, { table }: Deps): Promise<void> => {
  for (const one of Array.isArray(failed) ? failed.flat(2) : []) {
    const [name, error] = [at(one, 'name'), at(one, 'error')];
    if (typeof name === 'string') await saveStage(table, id, { name, status: 'failed', ms: 0, error: String(error) });
  }
};

const write = async (id: string, version: 1 | 2, { table, to }: Deps) => {
  const found = await readCase(table, id);
  const path = `report/v${version}`;
  const source = 'Cordon';
  const text = await store(to, found.head, {
    path: `${path}.txt`,
    body: reportText(found, version, catalog),
    type: 'text/plain; charset=utf-8',
    source,
  });
  const { findings: _raw, befores: _befores, ...view } = found;
  const data = await store(to, found.head, { path: `${path}.json`, body: json({ version, ...view }), type: 'application/json', source });
  return { version, text: text.key, json: data.key, html: null, entries: [text, data] };
};

/** `GenerateReportLambda`: version 1 at once, version 2 after the second pass. */
export const handler = serve(make, async (input, deps) => {
  const id = incidentIdOf(input);
  const version = oneOf(input, 'version', [1, 2] as const);
  await recordFailures(id, at(input, 'failed'), deps);
  const { text } = await stage({ table: deps.table, name: `report${version}`, id }, () => write(id, version, deps));
  await update(deps.table, id, {}, { [`report${version}`]: Date.now() });
  log('reported', { incidentId: id, version, text });
  return { text };
});
