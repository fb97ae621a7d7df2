import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { bucketFor } from '../evidence/buckets.ts';
import { type Access, writeCustody } from '../evidence/custody.ts';
import { incidentIdOf, oneOf, textOf } from '../incident/input.ts';
import { EdgeError } from '../shared/errors.ts';
import { at } from '../shared/json.ts';
import { buckets, log, serve, variable } from './environment.ts';

const make = () => ({
  s3: new S3Client({}),
  buckets: buckets(),
  kms: new KMSClient({}),
  keyId: variable('CORDON_SIGNING_KEY'),
  now: Date.now,
});

/**
 * The function may not read the case table, so its input says whether the incident is a drill. If
 * the bucket of this kind has no manifest of the incident, nothing is written.
 */
const isDrill = (input: unknown): boolean =>
  oneOf(input, 'kind', ['real', 'drill'] as const) === 'drill';

const countOf = (input: unknown, path: string, least: number): number => {
  const count = at(input, path);
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < least)
    throw new EdgeError(`${path}: wanted a number from ${least}`);
  return count;
};

const accessOf = (input: unknown): Access => ({
  incident: incidentIdOf(input),
  round: countOf(input, 'round', 1),
  who: textOf(input, 'who', 300),
  what: oneOf(input, 'what', ['read', 'export'] as const),
  purpose: textOf(input, 'purpose'),
  objects: countOf(input, 'objects', 0),
  saidBy: at(input, 'saidBy') === 'console' ? 'console' : 'command',
});

/** `CustodyLambda`: records a read or export of evidence, before it happens. */
export const handler = serve(make, async (input, { buckets, ...deps }) => {
  const access = accessOf(input);
  const written = await writeCustody(access, {
    ...deps,
    bucket: bucketFor({ drill: isDrill(input) }, buckets),
  });
  log('custody', { ...access, sequence: written.sequence });
  return written;
});
