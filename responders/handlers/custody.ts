import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { type Access, writeCustody } from '../evidence/custody.ts';
import { bucketFor } from '../evidence/store.ts';
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
 * It may not read cases, so that it must be told. Where there is no manifest of the incident,
 * nothing is written.
 */
const isDrill = (input: unknown): boolean =>
  oneOf(input, 'kind', ['real', 'drill'] as const) === 'drill';

const countOf = (input: unknown, path: string, least: number): number => {
  const found = at(input, path);
  if (typeof found !== 'number' || !Number.isSafeInteger(found) || found < least)
    throw new EdgeError(`${path}: wanted a number from ${least}`);
  return found;
};

const accessOf = (input: unknown): Access => ({
  incident: incidentIdOf(input),
  round: countOf(input, 'round', 1),
  who: textOf(input, 'who', 300),
  what: oneOf(input, 'what', ['read', 'export'] as const),
  purpose: textOf(input, 'purpose'),
  objects: countOf(input, 'objects', 0),
});

/** `CustodyLambda`: writes down that somebody reads or exports evidence, before they do. */
export const handler = serve(make, async (input, { buckets, ...deps }) => {
  const access = accessOf(input);
  const written = await writeCustody(access, {
    ...deps,
    bucket: bucketFor({ drill: isDrill(input) }, buckets),
  });
  log('custody', { ...access, sequence: written.sequence });
  return written;
});
