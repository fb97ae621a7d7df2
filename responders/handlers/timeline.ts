import { setTimeout as sleep } from 'node:timers/promises';
import { AthenaClient } from '@aws-sdk/client-athena';
import { S3Client } from '@aws-sdk/client-s3';
import type { Settings } from '../decide/settings.ts';
import { bucketFor, json, type Store, store } from '../evidence/store.ts';
import { type Case, readCase } from '../incident/case.ts';
import { update } from '../incident/case-table.ts';
import { incidentIdOf, oneOf } from '../incident/input.ts';
import { at, isRecord } from '../shared/json.ts';
import { maskAll } from '../shared/redact.ts';
import { type Analysing, firstPass, type Place, secondPass } from '../timeline/analyse.ts';
import { summaryOf } from '../timeline/build.ts';
import { toCsv } from '../timeline/csv.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { cloudtrail } from './cloudtrail.ts';
import { buckets, log, masking, serve, settings, table, variable } from './environment.ts';
import { stage } from './stage.ts';

/** Written by infra/response/responders.ts from the table and workgroup that it made. */
type Trail = Pick<Place, 'accounts' | 'regions' | 'own' | 'table'> & { readonly workgroup: string };

const analysing = ({ partition, region }: Settings): Analysing => {
  const { workgroup, ...trail } = JSON.parse(variable('CORDON_TRAIL')) as Trail;
  return {
    place: { partition, region, ...trail },
    cloudtrail: cloudtrail(),
    athena: {
      client: new AthenaClient({}),
      workgroup,
      database: trail.table.database,
      now: Date.now,
      sleep,
    },
  };
};

const make = () => ({
  table: table(),
  s3: new S3Client({}),
  buckets: buckets(),
  settings: settings(),
  from: analysing(settings()),
});
type Deps = ReturnType<typeof make>;

const kept = async (timeline: Timeline, { head }: Case, to: Store) => {
  const source =
    timeline.pass === 1
      ? 'cloudtrail:LookupEvents'
      : 'athena:StartQueryExecution, cloudtrail:LookupEvents';
  const path = `timeline/pass-${timeline.pass}`;
  const asJson = await store(to, head, {
    path: `${path}.json`,
    body: json(timeline),
    type: 'application/json',
    source,
  });
  const asCsv = await store(to, head, {
    path: `${path}.csv`,
    body: toCsv(timeline.all),
    type: 'text/csv',
    source,
  });
  // Said in the report, because it changes what an empty timeline means.
  const notYet = timeline.blindSpots.map(({ what, why }) => `${what} (${why})`).join('; ');
  // The files are evidence and stay as they are; what the case table remembers is shown to people.
  const summary = maskAll({ ...summaryOf(timeline), notYet }, masking());
  return {
    ...(isRecord(summary) ? summary : {}),
    json: asJson.key,
    csv: asCsv.key,
    entries: [asJson, asCsv],
  };
};

/** What the state machine hands back when it asks again. */
interface Resume {
  readonly now: number;
  readonly attempt: number;
  readonly looks: number;
}

const numberAt = (input: unknown, path: string, otherwise: number): number => {
  const found = at(input, path);
  return typeof found === 'number' && Number.isFinite(found) ? found : otherwise;
};

const resumeOf = (input: unknown): Resume => ({
  now: numberAt(input, 'resume.now', Date.now()),
  attempt: numberAt(input, 'resume.attempt', 0),
  looks: numberAt(input, 'resume.looks', 0),
});

/**
 * Real incidents wait for Athena some minutes in all, drills some seconds; then the report says
 * what is missing.
 */
const patience = (drill: boolean) => (drill ? { looks: 2, ms: 20_000 } : { looks: 8, ms: 60_000 });

const skipped = (pass: 1 | 2) => ({
  status: 'skipped' as const,
  pass,
  resume: null,
  why: 'the finding names no workload that could be confirmed',
  entries: [],
});

const analyse = async (found: Case, pass: 1 | 2, input: unknown, { s3, buckets, from }: Deps) => {
  const { suspect, drill } = found.head;
  const to = { s3, bucket: bucketFor(found.head, buckets) };
  if (!suspect) return skipped(pass);
  if (pass === 1)
    return { resume: null, ...(await kept(await firstPass(found, suspect, from), found, to)) };
  const { now, attempt, looks } = resumeOf(input);
  const { ms, looks: most } = patience(drill);
  const { unanswered, finish } = await secondPass(
    found,
    suspect,
    { now, attempt, deadline: Date.now() + ms },
    from,
  );
  if (unanswered.length > 0 && looks < most) {
    const failed = unanswered.some(({ state }) => state === 'failed');
    const pending = unanswered.map(({ id, why = '' }) => `${id}: ${why}`).join('; ');
    return {
      pass,
      pending,
      entries: [],
      resume: { now, attempt: attempt + Number(failed), looks: looks + 1 },
    };
  }
  return { resume: null, ...(await kept(await finish(), found, to)) };
};

/**
 * `TimelineAnalysisLambda`: pass 1 at once and provisional; pass 2 after CloudTrail's delay, and
 * again while Athena is not done.
 */
export const handler = serve(make, async (input, deps) => {
  const id = incidentIdOf(input);
  const pass = oneOf(input, 'pass', [1, 2] as const);
  const found = await readCase(deps.table, id);
  const { status, resume } = await stage({ table: deps.table, name: `timeline${pass}`, id }, () =>
    analyse(found, pass, input, deps),
  );
  if (resume === null) await update(deps.table, id, {}, { [`timeline${pass}`]: Date.now() });
  log('timeline', { incidentId: id, pass, status, again: resume !== null });
  return { status, resume };
});
