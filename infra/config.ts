import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import * as z from 'zod';
import type { Exemption } from '../responders/decide/settings.ts';
import { errorMessage } from '../responders/shared/errors.ts';
import { appConfig } from './app/config.ts';
import {
  choice,
  flag,
  list,
  number,
  OptionError,
  readOptions,
  section,
  text,
  texts,
} from './options.ts';

const days = number(1, 36_500);
const minutes = number(1, 10_080);
const seconds = number(0, 86_400);
const principals = list(text(/^arn:[\w-]+:(iam|sts)::\d{12}:\S+$/, 'the ARN of a principal'));

const exemption = section({
  arn: text(
    /^arn:(\$\{partition\}|[\w*-]+):(iam::[^:]*:role\/\S+|lambda:[^:]*:[^:]*:function:\S+)$/,
    'the ARN of a role or function (* allowed)',
  ),
  because: text(/\S+\s+\S+/, 'a reason of at least two words'),
});

const role = (path: string): string => `arn:\${partition}:iam::\${account}:role/${path}`;

const defaultNeverContain: readonly Exemption[] = [
  {
    arn: role('OrganizationAccountAccessRole'),
    because: 'The organisation’s way back into this account.',
  },
  {
    arn: role('AWSControlTower*'),
    because: 'Control Tower governs the account with it and repairs what is changed.',
  },
  { arn: role('cdk-*'), because: 'Deployments run with it; without it nothing can be repaired.' },
];

const existingTrail = section({
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
const retention = z
  .preprocess(
    (given) => (typeof given === 'number' ? String(given) : given),
    choice('30', '90', '180', '365', '731', '1827', '3653'),
  )
  .transform((period) => retentionDays[period]);

const zones = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]);
const wantedZone = 'an IANA time zone such as Europe/Berlin';
const zone = z.string(wantedZone).refine((name) => zones.has(name), wantedZone);

/** RFC 2606 reserves the domain: no one can own the address. */
export const nobody = 'security-team@example.com';

const defaultRegions = [
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'sa-east-1'],
  ...['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-central-1', 'eu-north-1'],
  ...['ap-south-1', 'ap-southeast-1', 'ap-southeast-2'],
  ...['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'],
];

/**
 * What the people who deploy Cordon decide. Every option has a default; the comment says why it is
 * that one.
 */
const options = section({
  /**
   * 4: GuardDuty's Medium begins there. Below it are hints that would pause workloads for nothing.
   */
  minSeverity: number(0, 10, { fractions: true }).default(4),
  /**
   * 10 in 60 minutes: more than any account sees in a bad hour, fewer than a flood of false
   * findings could stop.
   */
  breaker: section({
    limit: number(0, 10_000).default(10),
    minutes: minutes.default(60),
  }).prefault({}),
  /**
   * 30 minutes and leave: silence is not consent, and a person who was asked has half an hour to
   * find a keyboard.
   */
  approval: section({
    timeoutMinutes: minutes.default(30),
    onTimeout: choice('contain', 'leave').default('leave'),
  }).prefault({}),
  /**
   * False: an answer that needs a person is no answer. True for the first weeks in an account:
   * decide, record, tell, change nothing.
   */
  dryRun: flag.default(false),
  /**
   * The ways into an account that must survive an incident. Yours replace this list; Cordon's and
   * AWS's own roles are always exempt. `${partition}` and `${account}` are filled in.
   */
  neverContain: list(exemption).default(defaultNeverContain),
  /**
   * 60: GuardDuty repeats a finding every 15 minutes, and a person who has just released an
   * incident must not fight it.
   */
  holdMinutes: minutes.default(60),
  /**
   * 900 s: CloudTrail delivers within about 5 minutes on average, nearly always within 15. A
   * drill's records are there at once.
   */
  lagSeconds: section({ real: seconds.default(900), drill: seconds.default(5) }).prefault({}),
  /**
   * UTC: the one zone that a team spread over several shares. Any IANA name; printed beside UTC.
   */
  zone: zone.default('UTC'),
  /**
   * An address that can receive nothing, so that no person is told by accident. Synth warns until
   * it is replaced.
   */
  notify: list(text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'an e-mail address')).default([nobody]),
  evidence: section({
    /**
     * Governance for 90 days: a mistake can still be repaired by changing the bucket policy.
     * COMPLIANCE cannot be shortened by any person.
     */
    mode: choice('GOVERNANCE', 'COMPLIANCE').default('GOVERNANCE'),
    days: days.default(90),
    /**
     * 1: a rehearsal is looked at on its day. Always GOVERNANCE, in a bucket of its own that
     * empties itself; real evidence never goes there.
     */
    drillDays: days.default(1),
    /**
     * False: a hold has no end, so that every object of it costs for ever, or until the bucket's
     * policy is changed by hand.
     */
    legalHold: flag.default(false),
    /**
     * Empty: nothing leaves the account. The address (https) of an RFC 3161 time stamping
     * authority that you trust gets the hash of each manifest.
     */
    timestampUrl: text(/^(https:\/\/[^\s/@]+(\/\S*)?)?$/, 'an https address').default(''),
  }).prefault({}),
  /**
   * `own`: the timeline needs a trail and an account may have none. Name an existing one to save
   * the second copy's cost.
   */
  trail: z.union([choice('own'), existingTrail]).default('own'),
  /**
   * Empty: data events cost 0.10 USD per 100,000. What the own trail (an existing one is its
   * owner's business) records besides evidence, canaries and the application's tables, as
   * beginnings of ARNs of S3 objects, DynamoDB tables and functions; without them no timeline can
   * say what was read there.
   */
  dataEvents: list(
    text(
      /^arn:[\w-]+:(s3|dynamodb|lambda):[^\s*]*$/,
      'the beginning of an ARN of S3, DynamoDB or Lambda, without *',
    ),
  ).default([]),
  /**
   * `own`: without a detector no finding ever comes. An account has one detector per region: say
   * `existing` where it is there.
   */
  detector: choice('own', 'existing').default('own'),
  /**
   * The commercial regions that are on by default: what the timeline can search. Add the opt-in
   * regions that you use.
   */
  regions: list(text(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region name')).default(defaultRegions),
  /** 365: an intrusion is often found months after it began. */
  logRetentionDays: retention.default(365),
  /**
   * 10 GB: about 0.05 USD a query, and far more than one account writes in the days of an incident.
   */
  athenaScanLimitMb: number(10, 1_000_000).default(10_000),
  /**
   * The principals that may release and approve, drill, read, audit. Empty: every principal of the
   * account whose IAM policies let it assume the role.
   */
  releasePrincipals: principals.default([]),
  drillPrincipals: principals.default([]),
  readerPrincipals: principals.default([]),
  auditorPrincipals: principals.default([]),
  /**
   * True: no slip of the hand deletes the record of past incidents, which `cdk destroy` leaves in
   * any case, and none takes what the application holds.
   */
  deletionProtection: flag.default(true),
  /**
   * True: a drill needs something to attack. It holds a planted leak; leave it out where even that
   * is unwelcome.
   */
  drillTarget: flag.default(true),
  /**
   * True: the application that Cordon defends comes along. Leave it out where Cordon shall defend
   * what is there already.
   */
  protectedApp: flag.default(true),
  app: appConfig.prefault({}),
  /**
   * Empty: one region. IAM names are global, so a second region's deployment needs a suffix such as
   * `-eu`.
   */
  policySuffix: text(/^[A-Za-z0-9-]{0,20}$/, 'at most 20 letters, digits and hyphens').default(''),
  /** One tag, so that the bill can be split. */
  tags: texts.default({ project: 'cordon' }),
});

export type Config = z.output<typeof options>;

/** What a file of options says; nothing where there is no such file. */
export const optionsIn = (file: string): unknown => {
  if (!existsSync(file)) return undefined;
  const written = readFileSync(file, 'utf8');
  try {
    return JSON.parse(written);
  } catch (error) {
    throw new OptionError(basename(file), `JSON (${errorMessage(error)})`, written);
  }
};

/** `{}` is a complete configuration. Anything unknown or of the wrong kind is an OptionError. */
export const parseConfig = (given: unknown): Config => readOptions(options, given ?? {}, 'cordon');
