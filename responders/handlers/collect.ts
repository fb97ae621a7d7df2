import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { collectors } from '../collectors.ts';
import { readCase } from '../core/case.ts';
import { update } from '../core/case-table.ts';
import { at } from '../core/door.ts';
import { type Entry, folderOf, type Gap, json, type Store, store } from '../core/evidence.ts';
import { incidentIdOf } from '../core/input.ts';
import { log, serve, table, variable } from './environment.ts';
import { stage } from './stage.ts';

const notYet = 'the manifest is not signed yet, and role, layers, logs and policies are not collected yet';

const download = async (url: string): Promise<Uint8Array> => {
  const answer = await fetch(url, { signal: AbortSignal.timeout(60_000) });
  if (!answer.ok) throw new Error(`the link to the code answered ${answer.status}`);
  return answer.bytes();
};

const make = () => ({ table: table(), to: { s3: new S3Client({}), bucket: variable('CORDON_BUCKET') }, lambda: new LambdaClient({}) });
type Deps = ReturnType<typeof make>;

/** Every collector on its own: one that fails is a gap with a reason, never a failed incident. */
const collect = async (id: string, { table, to, lambda }: Deps) => {
  const found = await readCase(table, id);
  const entries: Entry[] = [];
  const gaps: Gap[] = [];
  for (const collector of collectors) {
    try {
      const { pieces, gaps: known = [] } = await collector.collect(found, { lambda, download });
      for (const piece of pieces) entries.push(await store(to, found.head, piece));
      gaps.push(...known);
    } catch (error) {
      gaps.push({ what: collector.title, why: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
    }
  }
  return { entries, gaps, prefix: folderOf(found.head), notYet };
};

/** The last object: a list of all others with their hashes. */
const seal = async (id: string, { table, to }: { table: Deps['table']; to: Store }) => {
  const { head, stages } = await readCase(table, id);
  const entries = stages.flatMap((one) => (Array.isArray(one.entries) ? one.entries : []));
  const gaps = stages.flatMap((one) => (Array.isArray(one.gaps) ? one.gaps : []));
  const body = json({ version: 1, incident: id, signed: false, notYet, objects: entries, gaps });
  return { manifest: await store(to, head, { path: 'manifest.json', body, type: 'application/json', source: 'Cordon' }) };
};

/** `EvidenceCollectionLambda`: collects, and at the end seals. */
export const handler = serve(make, async (input, deps) => {
  const id = incidentIdOf(input);
  if (at(input, 'seal') === true) {
    await stage({ table: deps.table, name: 'manifest', id }, () => seal(id, deps));
    return { sealed: true };
  }
  const { entries, gaps } = await stage({ table: deps.table, name: 'evidence', id }, () => collect(id, deps));
  await update(deps.table, id, {}, { evidence: Date.now() });
  log('collected', { incidentId: id, objects: entries.length, gaps });
  return { objects: entries.length, gaps: gaps.length };
});
