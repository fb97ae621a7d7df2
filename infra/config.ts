import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Exemption } from '../responders/decide/settings.ts';
import { type AppConfig, appConfig } from './app/config.ts';
import {
  choice,
  flag,
  list,
  number,
  OptionError,
  orObject,
  type Read,
  section,
  text,
  texts,
} from './options.ts';

/**
 * What the people who deploy Cordon decide. Every option has a default; the comment says why it is
 * that one.
 */
export interface Config {
  /**
   * 4: GuardDuty's Medium begins there. Below it are hints that would pause workloads for nothing.
   */
  readonly minSeverity: number;
  /**
   * 10 in 60 minutes: more than any account sees in a bad hour, fewer than a flood of false
   * findings could stop.
   */
  readonly breaker: { readonly limit: number; readonly minutes: number };
  /**
   * 30 minutes and leave: silence is not consent, and a person who was asked has half an hour to
   * find a keyboard.
   */
  readonly approval: { readonly timeoutMinutes: number; readonly onTimeout: 'contain' | 'leave' };
  /**
   * False: an answer that needs a person is no answer. True for the first weeks in an account:
   * decide, record, tell, change nothing.
   */
  readonly dryRun: boolean;
  /**
   * The ways into an account that must survive an incident. Yours replace this list, and add to the
   * one that is always exempt; `${partition}` and `${account}` are filled in.
   */
  readonly neverContain: readonly Exemption[];
  /**
   * 60: GuardDuty repeats a finding every 15 minutes, and a person who has just released one must
   * not fight it.
   */
  readonly holdMinutes: number;
  /**
   * 900 s: CloudTrail delivers within about 5 minutes on average, nearly always within 15. A
   * drill's records are there at once.
   */
  readonly lagSeconds: { readonly real: number; readonly drill: number };
  /**
   * UTC: the one zone that a team spread over several shares. Any IANA name; printed beside UTC.
   */
  readonly zone: string;
  /**
   * An address that can receive nothing, so that nobody is told by accident. Synth warns until it
   * is replaced.
   */
  readonly notify: readonly string[];
  /**
   * Governance for 90 days: a mistake can still be repaired by changing the bucket policy.
   * COMPLIANCE cannot be shortened by anybody.
   */
  readonly evidence: {
    readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
    readonly days: number;
    /**
     * 1: a rehearsal is looked at on its day. Always GOVERNANCE, in a bucket of its own that
     * empties itself; real evidence never goes there.
     */
    readonly drillDays: number;
    /**
     * False: a hold has no end, so that every object of it costs for ever, or until the bucket's
     * policy is changed by hand.
     */
    readonly legalHold: boolean;
    /**
     * Empty: nothing leaves the account. The address (https) of an RFC 3161 time stamping authority
     * that you trust gets the hash of each manifest.
     */
    readonly timestampUrl: string;
  };
  /**
   * `own`: the timeline needs a trail and an account may have none. Name an existing one to save
   * the second copy's cost.
   */
  readonly trail: 'own' | ExistingTrail;
  /**
   * Empty: data events cost 0.10 USD per 100,000. What the own trail (an existing one is its
   * owner's business) records besides evidence, canaries and the application's tables, as
   * beginnings of ARNs of S3 objects, DynamoDB tables and functions; without them no timeline can
   * say what was read there.
   */
  readonly dataEvents: readonly string[];
  /**
   * `own`: without a detector nothing is ever found. An account has one detector per region: say
   * `existing` where it is there.
   */
  readonly detector: 'own' | 'existing';
  /**
   * The commercial regions that are on by default: what the timeline can search. Add the opt-in
   * regions that you use.
   */
  readonly regions: readonly string[];
  /** 365: an intrusion is often found months after it began. */
  readonly logRetentionDays: 30 | 90 | 180 | 365 | 731 | 1827 | 3653;
  /**
   * 10 GB: about 0.05 USD a query, and far more than one account writes in the days of an incident.
   */
  readonly athenaScanLimitMb: number;
  /**
   * Who may release and approve, drill, read, audit. Empty: everybody in the account whose IAM
   * policies let them assume the role.
   */
  readonly releasePrincipals: readonly string[];
  readonly drillPrincipals: readonly string[];
  readonly readerPrincipals: readonly string[];
  readonly auditorPrincipals: readonly string[];
  /**
   * True: no slip of the hand deletes the record of past incidents, which `cdk destroy` leaves in
   * any case, and none takes what the application holds.
   */
  readonly deletionProtection: boolean;
  /**
   * True: a drill needs something to attack. It holds a planted leak; leave it out where even that
   * is unwelcome.
   */
  readonly drillTarget: boolean;
  /**
   * True: the application that Cordon defends comes along. Leave it out where Cordon shall defend
   * what is there already.
   */
  readonly protectedApp: boolean;
  readonly app: AppConfig;
  /**
   * Empty: one region. IAM names are global, so a second region's deployment needs a suffix such as
   * `-eu`.
   */
  readonly policySuffix: string;
  /** One tag, so that the bill can be split. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface ExistingTrail {
  readonly bucketName: string;
  /** What stands before `AWSLogs/` in the bucket, without a slash at the end. */
  readonly prefix: string;
  /** `o-…` of an organisation trail, which puts it after `AWSLogs/`; empty for an account's own. */
  readonly organisationId: string;
  /** The KMS key that encrypts the trail's files; empty where S3 does it. */
  readonly keyArn: string;
  /** Whose records the timeline may search besides this account's. */
  readonly accounts: readonly string[];
}

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

/**
 * Exempt whatever the configuration says: containing these would end the response, or cannot be
 * done.
 */
export const alwaysExempt: readonly Exemption[] = [
  { arn: role('cordon/*'), because: 'Denying Cordon itself would end the response.' },
  {
    arn: role('aws-reserved/*'),
    because: 'IAM Identity Center owns it and people sign in with it; contain the person there.',
  },
  { arn: role('aws-service-role/*'), because: 'An AWS service owns it; IAM refuses the change.' },
];

const defaultRegions = [
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'sa-east-1'],
  ...['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-central-1', 'eu-north-1'],
  ...[
    'ap-south-1',
    'ap-southeast-1',
    'ap-southeast-2',
    'ap-northeast-1',
    'ap-northeast-2',
    'ap-northeast-3',
  ],
];

const principals = list(text(/^arn:[\w-]+:(iam|sts)::\d{12}:\S+$/, 'the ARN of a principal'));
const sentence = text(/\S+\s+\S+/, 'a reason of at least two words');
const account = text(/^\d{12}$/, 'a 12-digit account id');
const aws =
  /^arn:(\$\{partition\}|[\w*-]+):(iam::[^:]*:role\/\S+|lambda:[^:]*:[^:]*:function:\S+)$/;

const retention: Read<Config['logRetentionDays']> = (value, at) => {
  const allowed = choice(
    '30',
    '90',
    '180',
    '365',
    '731',
    '1827',
    '3653',
  )(typeof value === 'number' ? String(value) : value, at);
  const days = {
    '30': 30,
    '90': 90,
    '180': 180,
    '365': 365,
    '731': 731,
    '1827': 1827,
    '3653': 3653,
  } as const;
  return days[allowed];
};

const exemption = section<Exemption>((one) => ({
  arn: one.required('arn', text(aws, 'the ARN of a role or function (* allowed)')),
  because: one.required('because', sentence),
}));

const existingTrail = section<ExistingTrail>((one) => ({
  bucketName: one.required('bucketName', text(/^[a-z0-9.-]{3,63}$/, 'a bucket name')),
  prefix: one.optional(
    'prefix',
    text(/^[^\s]*[^\s/]$/, 'a key prefix without a slash at the end'),
    '',
  ),
  organisationId: one.optional(
    'organisationId',
    text(/^o-[a-z0-9]{10,32}$/, 'an organisation id (o-…)'),
    '',
  ),
  keyArn: one.optional(
    'keyArn',
    text(/^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/\S+$/, 'the ARN of a KMS key'),
    '',
  ),
  accounts: one.optional('accounts', list(account), []),
}));

/** What a file of options says; nothing where there is none. */
export const optionsIn = (file: string): unknown => {
  if (!existsSync(file)) return undefined;
  const written = readFileSync(file, 'utf8');
  try {
    return JSON.parse(written);
  } catch (error) {
    throw new OptionError(
      basename(file),
      `JSON (${error instanceof Error ? error.message : String(error)})`,
      written,
    );
  }
};

/** `{}` is a complete configuration. Anything unknown or of the wrong kind is an OptionError. */
export const parseConfig = (given: unknown): Config => read(given ?? {}, 'cordon');

const days = number(1, 36_500);
const minutes = number(1, 10_080);

const breaker = section((one) => ({
  limit: one.optional('limit', number(0, 10_000), 10),
  minutes: one.optional('minutes', minutes, 60),
}));
const lagSeconds = section((one) => ({
  real: one.optional('real', number(0, 86_400), 900),
  drill: one.optional('drill', number(0, 86_400), 5),
}));
const approval = section((one) => ({
  timeoutMinutes: one.optional('timeoutMinutes', minutes, 30),
  onTimeout: one.optional('onTimeout', choice('contain', 'leave'), 'leave'),
}));
const evidence = section((one) => ({
  mode: one.optional('mode', choice('GOVERNANCE', 'COMPLIANCE'), 'GOVERNANCE'),
  days: one.optional('days', days, 90),
  drillDays: one.optional('drillDays', days, 1),
  legalHold: one.optional('legalHold', flag, false),
  timestampUrl: one.optional(
    'timestampUrl',
    text(/^(https:\/\/[^\s/@]+(\/\S*)?)?$/, 'an https address'),
    '',
  ),
}));

const read = section<Config>((one) => ({
  minSeverity: one.optional('minSeverity', number(0, 10, { fractions: true }), 4),
  breaker: one.optional('breaker', breaker, breaker({}, 'breaker')),
  approval: one.optional('approval', approval, approval({}, 'approval')),
  dryRun: one.optional('dryRun', flag, false),
  neverContain: [
    ...one.optional('neverContain', list(exemption), defaultNeverContain),
    ...alwaysExempt,
  ],
  holdMinutes: one.optional('holdMinutes', minutes, 60),
  lagSeconds: one.optional('lagSeconds', lagSeconds, lagSeconds({}, 'lagSeconds')),
  zone: one.optional('zone', zone, 'UTC'),
  notify: one.optional('notify', list(text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'an e-mail address')), [
    nobody,
  ]),
  evidence: one.optional('evidence', evidence, evidence({}, 'evidence')),
  trail: one.optional('trail', orObject(choice('own'), existingTrail), 'own'),
  dataEvents: one.optional(
    'dataEvents',
    list(
      text(
        /^arn:[\w-]+:(s3|dynamodb|lambda):[^\s*]*$/,
        'the beginning of an ARN of S3, DynamoDB or Lambda, without *',
      ),
    ),
    [],
  ),
  detector: one.optional('detector', choice('own', 'existing'), 'own'),
  regions: one.optional(
    'regions',
    list(text(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region name')),
    defaultRegions,
  ),
  logRetentionDays: one.optional('logRetentionDays', retention, 365),
  athenaScanLimitMb: one.optional('athenaScanLimitMb', number(10, 1_000_000), 10_000),
  releasePrincipals: one.optional('releasePrincipals', principals, []),
  drillPrincipals: one.optional('drillPrincipals', principals, []),
  readerPrincipals: one.optional('readerPrincipals', principals, []),
  auditorPrincipals: one.optional('auditorPrincipals', principals, []),
  deletionProtection: one.optional('deletionProtection', flag, true),
  drillTarget: one.optional('drillTarget', flag, true),
  protectedApp: one.optional('protectedApp', flag, true),
  app: one.optional('app', appConfig, appConfig({}, 'app')),
  policySuffix: one.optional(
    'policySuffix',
    text(/^[A-Za-z0-9-]{0,20}$/, 'at most 20 letters, digits and hyphens'),
    '',
  ),
  tags: one.optional('tags', texts, { project: 'cordon' }),
}));

/** RFC 2606: nobody can own it. */
export const nobody = 'security-team@example.com';

const zones = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]);

const zone: Read<string> = (value, at) => {
  if (typeof value === 'string' && zones.has(value)) return value;
  throw new OptionError(at, 'an IANA time zone such as Europe/Berlin', value);
};
