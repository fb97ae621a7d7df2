import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { appendCustody } from '../../operator/custody.ts';
import { type Bucket, signingKeyOf } from '../../operator/evidence-bucket.ts';
import { output } from '../../operator/place.ts';
import { bucketFor } from '../../responders/evidence/buckets.ts';
import type { Case } from '../../responders/incident/case.ts';
import { evidence } from '../api/evidence.ts';
import { evidenceRead } from '../api/evidence-read.ts';
import { linkMaker } from '../api/link.ts';
import { buckets, consoleApi, engine, ledger, ownPlace, readDeps, region } from './environment.ts';

const place = ownPlace();
const s3 = new S3Client({});
const lambda = new LambdaClient({});

const deps = {
  ...readDeps(),
  bucketOf: ({ head }: Case): Bucket => ({
    place,
    kind: head.drill ? 'drill' : 'real',
    s3,
    name: bucketFor(head, buckets()),
  }),
  signingKey: () => signingKeyOf(place),
};

/** `ConsoleEvidenceLambda`: lists evidence, and hands it out to who says why. */
export const handler = consoleApi({
  'GET /incidents/{id}/evidence': evidence(deps),
  'POST /incidents/{id}/evidence/read': evidenceRead({
    ...deps,
    ledger: ledger(),
    linkTo: linkMaker({ region: region(), engine: engine() }),
    writeCustody: ({ kind }, { incident, round }, access) =>
      appendCustody(lambda, output(place, 'CordonResponse', 'CustodyFunctionName'), {
        ...{ incidentId: incident, kind, round, what: 'export', saidBy: 'console' },
        ...access,
      }),
  }),
});
