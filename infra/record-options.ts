import * as z from 'zod';
import { choice, list, section, text } from './options.ts';

/** A trail that the account or its organisation has already. */
export const existingTrail = section({
  bucketName: text(/^[a-z0-9.-]{3,63}$/, 'a bucket name'),
  /** What stands before `AWSLogs/` in the bucket, without a slash at the end. */
  prefix: text(/^[^\s]*[^\s/]$/, 'a key prefix without a slash at the end').default(''),
  /** `o-…` of an organisation trail, which puts it after `AWSLogs/`; empty for an account's own. */
  organisationId: text(/^o-[a-z0-9]{10,32}$/, 'an organisation id (o-…)').default(''),
  /** The KMS key that encrypts the trail's files; empty where S3 does it. */
  keyArn: text(/^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/\S+$/, 'the ARN of a KMS key').default(''),
  /** The accounts whose records the timeline may search besides this account's. */
  accounts: list(text(/^\d{12}$/, 'a 12-digit account id')).default([]),
});

const retentionDays = {
  '30': 30,
  '90': 90,
  '180': 180,
  '365': 365,
  '731': 731,
  '1827': 1827,
  '3653': 3653,
} as const;

/** The periods that CloudWatch Logs knows, as numbers or texts. */
export const retention = z
  .preprocess(
    (given) => (typeof given === 'number' ? String(given) : given),
    choice('30', '90', '180', '365', '731', '1827', '3653'),
  )
  .transform((period) => retentionDays[period]);
