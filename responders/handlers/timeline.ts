import { setTimeout as sleep } from 'node:timers/promises';
import { AthenaClient } from '@aws-sdk/client-athena';
import { S3Client } from '@aws-sdk/client-s3';
import type { Settings } from '../decide/settings.ts';
import { bucketFor } from '../evidence/buckets.ts';
import { json, type Store, store } from '../evidence/store.ts';
import type { Case } from '../incident/case.ts';
import { update } from '../incident/case-table.ts';
import { oneOf } from '../incident/input.ts';
import type { TimelineStage } from '../incident/stage.ts';
import { isTimed, suspectsOf } from '../incident/suspect.ts';
import { maskedCalls, seenCalls } from '../report/seen-calls.ts';
import { numberAt } from '../shared/json.ts';
import { type Analysing, firstPass, secondPass } from '../timeline/analyse.ts';
import { summaryOf } from '../timeline/build.ts';
import { toCsv } from '../timeline/csv.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { cloudtrail } from './cloudtrail.ts';
import { buckets, jsonVariable, log, masking, serve, settings, table } from './environment.ts';
import { stage, stagedCase } from './stage.ts';
import { wantedTrailVariable } from './trail-variable.ts';

const analysing = ({ partition, region }: Settings): Analysing => {
  const { workgroup, ...trail } = jsonVariable('CORDON_TRAIL', wantedTrailVariable);
  return {
    place: { partition, region, ...trail },
    cloudtrail,
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
type TimelineDeps = ReturnType<typeof make>;

/** A pass without results. */
const emptyPass = (pass: 1 | 2): Omit<TimelineStage, 'round' | 'ms'> => ({
  kind: 'timeline',
  name: `timeline${pass}`,
  status: 'ok',
  pass,
  json: null,
  csv: null,
  entries: [],
  events: null,
  horizon: null,
  provisional: true,
  complete: false,
  pending: null,
  asked: [],
  notYet: '',
  why: null,
});

const storeTimeline = async (timeline: Timeline, { head }: Case, to: Store) => {
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
  // The report prints blind spots, because they change what an empty timeline means.
  const notYet = timeline.blindSpots.map(({ what, why }) => `${what} (${why})`).join('; ');
  const { provisional, complete, pending, asked, events, horizon } = summaryOf(timeline);
  // The files are evidence and are stored unmasked; the case table is shown to people.
  const mask = masking();
  return {
    ...emptyPass(timeline.pass),
    json: asJson.key,
    csv: asCsv.key,
    entries: [asJson, asCsv],
    events,
    horizon,
    provisional,
    complete,
    pending: pending === null ? null : mask(pending),
    asked: asked.map(({ id, source, state, why }) => ({
      id,
      source,
      state,
      ...(why !== undefined && { why: mask(why) }),
    })),
    notYet: mask(notYet),
    seen: maskedCalls(seenCalls(timeline), mask),
  };
};

/** What the state machine passes back when it calls the second pass again. */
interface Resume {
  readonly now: number;
  readonly attempt: number;
  readonly looks: number;
}

const resumeOf = (input: unknown): Resume => ({
  now: numberAt(input, 'resume.now') ?? Date.now(),
  attempt: numberAt(input, 'resume.attempt') ?? 0,
  looks: numberAt(input, 'resume.looks') ?? 0,
});

/**
 * How long the second pass waits for Athena: some minutes in all for a real incident, some seconds
 * for a drill. After that the report lists the unanswered queries.
 */
const athenaWait = (drill: boolean) =>
  drill ? { looks: 2, ms: 20_000 } : { looks: 8, ms: 60_000 };

/** The result of a pass; `resume` is null unless the state machine must call it again. */
interface Analysed {
  readonly done: Omit<TimelineStage, 'round' | 'ms'>;
  readonly resume: Resume | null;
}

const skipped = (pass: 1 | 2): Analysed => ({
  done: {
    ...emptyPass(pass),
    status: 'skipped',
    why: 'the finding names no workload that could be confirmed',
  },
  resume: null,
});

const analyse = async (
  incident: Case,
  pass: 1 | 2,
  input: unknown,
  { s3, buckets, from }: TimelineDeps,
): Promise<Analysed> => {
  const suspects = suspectsOf(incident.head).filter(isTimed);
  const to = { s3, bucket: bucketFor(incident.head, buckets) };
  if (suspects.length === 0) return skipped(pass);
  if (pass === 1)
    return {
      resume: null,
      done: await storeTimeline(await firstPass(incident, suspects, from), incident, to),
    };
  const { now, attempt, looks } = resumeOf(input);
  const { ms, looks: most } = athenaWait(incident.head.drill);
  const { unanswered, finish } = await secondPass(
    incident,
    suspects,
    { now, attempt, deadline: Date.now() + ms },
    from,
  );
  if (unanswered.length > 0 && looks < most) {
    const failed = unanswered.some(({ state }) => state === 'failed');
    const pending = unanswered.map(({ id, why = '' }) => `${id}: ${why}`).join('; ');
    return {
      done: { ...emptyPass(pass), pending },
      resume: { now, attempt: attempt + Number(failed), looks: looks + 1 },
    };
  }
  return { resume: null, done: await storeTimeline(await finish(), incident, to) };
};

/**
 * `TimelineAnalysisLambda`. Pass 1 runs at once and is provisional. Pass 2 runs after CloudTrail's
 * delay, and again while Athena queries are unanswered.
 */
export const handler = serve(make, async (input, deps) => {
  const pass = oneOf(input, 'pass', [1, 2] as const);
  const incident = await stagedCase(deps.table, input);
  const { id } = incident.head;
  let resume: Resume | null = null;
  const { status } = await stage({ table: deps.table, incident }, async () => {
    const analysed = await analyse(incident, pass, input, deps);
    ({ resume } = analysed);
    return analysed.done;
  });
  if (resume === null) await update(deps.table, id, {}, { [`timeline${pass}`]: Date.now() });
  log('timeline', { incidentId: id, pass, status, again: resume !== null });
  return { status, resume };
});
