import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { S3Client } from '@aws-sdk/client-s3';
import { readCase } from '../core/case.ts';
import { update } from '../core/case-table.ts';
import { json, store } from '../core/evidence.ts';
import { incidentIdOf, oneOf } from '../core/input.ts';
import { toCsv } from '../timeline/csv.ts';
import { lookup } from '../timeline/lookup.ts';
import { log, serve, table, variable } from './environment.ts';
import { stage } from './stage.ts';

/** Said in the report, because it changes what an empty timeline means. */
const notYet = 'from CloudTrail’s event history only: management events, no data events; the trail’s own files are not searched yet';

const make = () => ({
  table: table(),
  to: { s3: new S3Client({}), bucket: variable('CORDON_BUCKET') },
  cloudtrail: new CloudTrailClient({}),
});

const analyse = async (id: string, pass: 1 | 2, { table, to, cloudtrail }: ReturnType<typeof make>) => {
  const { head } = await readCase(table, id);
  if (!head.suspect) return { status: 'skipped' as const, pass, why: 'the finding names no workload that could be confirmed', entries: [] };
  const { events, horizon, complete } = await lookup(head, head.suspect, cloudtrail);
  const source = 'cloudtrail:LookupEvents';
  const path = `timeline/pass-${pass}`;
  const asJson = await store(to, head, {
    path: `${path}.json`,
    body: json({ pass, horizon, complete, notYet, events }),
    type: 'application/json',
    source,
  });
  const asCsv = await store(to, head, { path: `${path}.csv`, body: toCsv(events), type: 'text/csv', source });
  return {
    pass,
    events: events.length,
    horizon,
    complete,
    notYet,
    json: asJson.key,
    csv: asCsv.key,
    entries: [asJson, asCsv],
    latest: events.slice(-40),
  };
};

/** `TimelineAnalysisLambda`: pass 1 at once and provisional, pass 2 after CloudTrail's delay. */
export const handler = serve(make, async (input, deps) => {
  const id = incidentIdOf(input);
  const pass = oneOf(input, 'pass', [1, 2] as const);
  const { status } = await stage({ table: deps.table, name: `timeline${pass}`, id }, () => analyse(id, pass, deps));
  await update(deps.table, id, {}, { [`timeline${pass}`]: Date.now() });
  log('timeline', { incidentId: id, pass, status });
  return { status };
});
