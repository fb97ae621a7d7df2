import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { bucketFor } from '../evidence/buckets.ts';
import { collectAll, entered } from '../evidence/collecting.ts';
import type { Sources } from '../evidence/collector.ts';
import { collectors } from '../evidence/collectors.ts';
import { collectAndSeal } from '../evidence/sealing.ts';
import type { Store } from '../evidence/store.ts';
import type { Case, Head } from '../incident/case.ts';
import { update } from '../incident/case-table.ts';
import { regionOf, type Suspect } from '../incident/suspect.ts';
import { at } from '../shared/json.ts';
import { cloudtrail } from './cloudtrail.ts';
import { buckets, log, serve, settings, table, variable } from './environment.ts';
import { stage, stagedCase } from './stage.ts';

/** Streams the body: a layer of 250 MB is never in memory as a whole. */
const follow: Sources['follow'] = async (url, signal) => {
  const answer = await fetch(url, { signal });
  if (!answer.ok || !answer.body) throw new Error(`the link to the code answered ${answer.status}`);
  return {
    body: Readable.fromWeb(answer.body),
    bytes: Number(answer.headers.get('content-length')),
  };
};

const sourcesIn = (region: string): Sources => ({
  region,
  lambda: new LambdaClient({ region }),
  iam: new IAMClient({}),
  logs: new CloudWatchLogsClient({ region }),
  cloudtrail: cloudtrail(region),
  quarantine: {
    role: variable('CORDON_QUARANTINE_ROLE'),
    function: variable('CORDON_QUARANTINE_FUNCTION'),
    user: variable('CORDON_QUARANTINE_USER'),
  },
  follow,
  salt: settings().salt,
  now: Date.now,
});

/** `off` instead of an unset variable, because an unset variable is a mistake of the deployment. */
const timestampAuthority = () => {
  const url = variable('CORDON_TIMESTAMP_URL');
  return url === 'off' ? undefined : { url };
};

const make = () => ({
  table: table(),
  // S3 answers 503 more often than other services do, and collecting evidence can wait.
  s3: new S3Client({ maxAttempts: 6 }),
  buckets: buckets(),
  legalHold: variable('CORDON_LEGAL_HOLD') === 'on',
  signer: { kms: new KMSClient({}), keyId: variable('CORDON_SIGNING_KEY') },
  account: settings().account,
  region: settings().region,
  verifier: readFileSync(new URL('verify.mjs', import.meta.url), 'utf8'),
  titles: new Map(collectors.map(({ id, title }) => [id, title])),
  now: Date.now,
  authority: timestampAuthority(),
});
type CollectionDeps = ReturnType<typeof make>;

/** The clients for the region of a function. */
const sourcesFor =
  ({ region }: CollectionDeps) =>
  (suspect: Suspect | null): Sources =>
    sourcesIn(regionOf(suspect, region));

/** Evidence of a drill gets no legal hold, because it is to be deleted after the drill. */
const storeFor = (head: Head, { s3, buckets, legalHold }: CollectionDeps): Store => ({
  s3,
  bucket: bucketFor(head, buckets),
  legalHold: legalHold && !head.drill,
});

/** The report says this for every incident. */
const notYet =
  'the memory and temporary files of a running function cannot be read by any call of AWS';

const collect = async (incident: Case, deps: CollectionDeps) => {
  const to = storeFor(incident.head, deps);
  const list = collectors.filter(({ when }) => when === 'at once');
  const [unlisted, { entries, gaps }] = await Promise.all([
    entered(to, incident.head),
    collectAll(incident, list, { ...deps, sourcesFor: sourcesFor(deps), to }),
  ]);
  const outcome =
    entries.length > 0
      ? ({ status: 'ok' } as const)
      : ({
          status: 'failed',
          error: `nothing could be stored: ${gaps[0]?.why ?? 'nothing was found'}`,
        } as const);
  return {
    kind: 'evidence',
    name: 'evidence',
    ...outcome,
    entries,
    gaps: [...gaps, ...unlisted],
    notYet,
  } as const;
};

const sealAll = async (incident: Case, deps: CollectionDeps) => {
  const to = storeFor(incident.head, deps);
  const sealed = await collectAndSeal(incident, collectors, {
    ...deps,
    sourcesFor: sourcesFor(deps),
    to,
  });
  return { kind: 'sealing', name: 'manifest', status: 'ok', ...sealed } as const;
};

/** `EvidenceCollectionLambda`: collects, and at the end seals. */
export const handler = serve(make, async (input, deps) => {
  const incident = await stagedCase(deps.table, input);
  const { id } = incident.head;
  const recording = { table: deps.table, incident };
  if (at(input, 'seal') === true) {
    const { sequence, timestamp } = await stage(recording, () => sealAll(incident, deps));
    log('sealed', { incidentId: id, sequence });
    if (timestamp?.status === 'failed')
      log('no time stamp', { incidentId: id, why: timestamp.why });
    return { sealed: true };
  }
  const { entries, gaps } = await stage(recording, () => collect(incident, deps));
  if (entries.length > 0) await update(deps.table, id, {}, { evidence: Date.now() });
  log('collected', { incidentId: id, objects: entries.length, gaps: gaps.length });
  return { objects: entries.length, gaps: gaps.length };
});
