import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { catalog } from '../contain/catalogue.ts';
import { bucketFor } from '../evidence/buckets.ts';
import type { Store } from '../evidence/store.ts';
import { update } from '../incident/case-table.ts';
import { oneOf } from '../incident/input.ts';
import { type Files, gather } from '../report/gather.ts';
import { makeReport } from '../report/make.ts';
import { wantedJson } from '../shared/wanted.ts';
import { buckets, isOnAws, log, masking, serve, settings, table } from './environment.ts';
import { recordFailures, stage, stagedCase } from './stage.ts';

const make = () => {
  const mask = masking();
  const { zone, region, consoleOrigin } = settings();
  return {
    table: table(),
    s3: new S3Client({}),
    buckets: buckets(),
    place: { zone, region, catalog, mask, aws: isOnAws(), console: consoleOrigin },
  };
};

/** Refuses larger files. A policy has some kilobytes, and a timeline has a limit of its own. */
const mostBytes = 40_000_000;

const filesOf = ({ s3, bucket }: Store): Files => ({
  read: async (key) => {
    const { Body, ContentLength = 0 } = await s3.send(
      new GetObjectCommand({ Bucket: bucket, Key: key }),
    );
    if (ContentLength > mostBytes)
      throw new Error(`${key} has ${ContentLength} bytes, more than a report reads`);
    return wantedJson((await Body?.transformToString()) ?? '', key);
  },
});

/** `GenerateReportLambda`: version 1 at once, version 2 after the second pass. */
export const handler = serve(make, async (input, deps) => {
  const version = oneOf(input, 'version', [1, 2] as const);
  const staged = await stagedCase(deps.table, input);
  const incident = await recordFailures(deps.table, staged, input);
  const { id } = incident.head;
  const work = async () => {
    const to = { s3: deps.s3, bucket: bucketFor(incident.head, deps.buckets) };
    const gathered = await gather(incident, version, filesOf(to));
    const place = { ...deps.place, bucket: to.bucket };
    return makeReport({ incident, version, place, now: Date.now(), ...gathered }, to);
  };
  const { html, ms } = await stage({ table: deps.table, incident }, work);
  await update(deps.table, id, {}, { [`report${version}`]: Date.now() });
  log('reported', { incidentId: id, version, html, ms });
  return { html };
});
