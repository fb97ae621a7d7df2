import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import * as z from 'zod';
import { errorMessage } from '../responders/shared/errors.ts';
import { appConfig } from './app/config.ts';
import { addresses, approval, minutes } from './approval.ts';
import { auditConfig } from './audit/config.ts';
import { consoleConfig } from './console/config.ts';
import { exemption, resourceArn, suppression, tag } from './entries.ts';
import { pattern, typeOverrides } from './finding-types.ts';
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
import { existingTrail, retention } from './record-options.ts';
import { checkFurtherRegions, defaultRegions, regionName } from './regions.ts';

const days = number(1, 36_500);
const seconds = number(0, 86_400);
const principals = list(text(/^arn:[\w-]+:(iam|sts)::\d{12}:\S+$/, 'the ARN of a principal'));

const role = (path: string): string => `arn:\${partition}:iam::\${account}:role/${path}`;

export const defaultNeverContain: readonly z.input<typeof exemption>[] = [
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

const zones = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]);
const wantedZone = 'an IANA time zone such as Europe/Berlin';
const zone = z.string(wantedZone).refine((name) => zones.has(name), wantedZone);

/** RFC 2606 reserves the domain: no one can own the address. */
export const nobody = 'security-team@example.com';

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
   * Empty: what the table in responders/decide/finding-types.json says, printed in
   * docs/coverage.md. The severities from which findings of a type, or of a family such as
   * `Trojan:EC2/*`, are contained, asked about and told; `never` is no severity.
   */
  findingTypes: typeOverrides.default([]),
  /**
   * 10 in 60 minutes for findings of one detector: more than any account sees in a bad hour, fewer
   * than a flood of false findings could stop. 5 of one type: a flood of one cheap type leaves room
   * for the others. Critical findings (9 and above) and stolen credentials are not limited.
   */
  breaker: section({
    limit: number(0, 10_000).default(10),
    limitOfType: number(0, 10_000).default(5),
    minutes: minutes.default(60),
  }).prefault({}),
  /** 5: more identities in one attack sequence may be a whole platform, so a person is asked. */
  suspectLimit: number(1, 10).default(5),
  approval: approval.prefault({}),
  /**
   * Nothing: an answer that needs a person is no answer. Where Cordon decides, records and tells
   * what it would have done, and changes nothing: `everything` for the first weeks in an account,
   * finding types or families such as `Trojan:EC2/*`, and `key=value` tags of workloads.
   */
  observe: z
    .union([
      choice('everything'),
      section({ types: list(pattern).default([]), tags: list(tag).default([]) }),
    ])
    .prefault({}),
  /** False: the older name of `observe: "everything"`, which it means. */
  dryRun: flag.default(false),
  /**
   * The ways into an account that must survive an incident. Yours replace this list; Cordon's and
   * AWS's own roles are always exempt. `${partition}` and `${account}` are filled in. Each entry
   * has an arn, a tag or an account, a reason, and should have an owner and an end: a day, or a
   * time with its zone.
   */
  neverContain: list(exemption).default(defaultNeverContain),
  /**
   * Empty: nothing is silent. Findings that are only recorded, by type, arn, tag or account; each
   * with its reason, owner and end.
   */
  suppressions: list(suppression).default([]),
  /**
   * Empty: the tag cordon:tier=critical says it, and only where it is older than the activity, as
   * far as CloudTrail has recorded it. ARNs, with `*` as wildcard, about which a person is always
   * asked first: no intruder can change this list.
   */
  criticalTier: list(resourceArn).default([]),
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
  notify: addresses.default([nobody]),
  /**
   * 24: a canary is contained and released every day, and after each deployment. `off` where no
   * workload of Cordon's own shall be contained; then nobody notices that containment has stopped
   * working. Where `observe` is `everything`, nothing is contained, so it does not run.
   */
  heartbeat: z
    .union([choice('off'), section({ everyHours: number(1, 24).default(24) })])
    .prefault({}),
  channels: section({
    /**
     * False: not every team has one. True makes a second channel beside e-mail: a queue, a function
     * that signs and sends, and an empty secret, into which you put address and key.
     */
    webhook: flag.default(false),
    /**
     * Empty: its notices link to `console.origin`, or name a command where that is empty. The
     * address of another console, to whose `/incidents/<id>` they link instead.
     */
    console: text(/^(https:\/\/[^\s/@]+(\/[^\s/]+)*)?$/, 'an https address').default(''),
  }).prefault({}),
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
  regions: list(regionName).default(defaultRegions),
  /** Empty: one region. The further ones, of `regions`, in which functions are contained. */
  furtherRegions: list(regionName).default([]),
  /** 365: an intrusion is often found months after it began. */
  logRetentionDays: retention.default(365),
  /**
   * 10 GB: about 0.05 USD a query, and far more than one account writes in the days of an incident.
   */
  athenaScanLimitMb: number(10, 1_000_000).default(10_000),
  /**
   * The principals that may approve, release, drill, read, audit. A deployment to AWS must name
   * some of each: an empty list is good for a local run, whose only person is the root user.
   */
  approvePrincipals: principals.default([]),
  releasePrincipals: principals.default([]),
  drillPrincipals: principals.default([]),
  readerPrincipals: principals.default([]),
  auditorPrincipals: principals.default([]),
  /**
   * Empty: sessions of Identity Center and of federation carry no sign of MFA, so it would lock
   * their users out. Name the roles whose principals are IAM users, or roles that were taken with
   * MFA: they can then be taken with MFA only.
   */
  requireMfa: list(choice('approve', 'release', 'drill', 'reader', 'auditor')).default([]),
  /**
   * The execution role that `cdk bootstrap` made: who may change Cordon's functions, keys, queues,
   * topic, table and buckets. Every other principal is denied by the policies of these resources,
   * administrators too. Deploy with a role that is named here, or name the role you deploy with.
   */
  deployers: list(
    text(
      /^arn:(\$\{partition\}|[\w*-]+):iam::[^:]*:(role|user)\/\S+$/,
      'the ARN of a role or user',
    ),
  ).default([role('cdk-*-cfn-exec-role-${account}-${region}')]),
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
  console: consoleConfig.prefault({}),
  audit: auditConfig.prefault({}),
  /**
   * Empty: Cordon and the application it defends. The names of further systems that are deployed
   * beside them; `cordon up --help` lists them, and `cordon up --with` adds some to a local run.
   */
  systems: list(text(/^[a-z][a-z-]*$/, 'the name of a system')).default([]),
  /**
   * Empty: one region. IAM names are global, so a second region needs a suffix such as `-eu`.
   */
  policySuffix: text(/^[A-Za-z0-9-]{0,20}$/, 'at most 20 letters, digits and hyphens').default(''),
  /** One tag, so that the bill can be split. */
  tags: texts.default({ project: 'cordon' }),
});

export type Config = z.output<typeof options>;

/** An exemption as it is written; a suppression has a type besides. */
export type ConfiguredEntry = Config['neverContain'][number];

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
export const parseConfig = (given: unknown): Config => {
  const config = readOptions(options, given ?? {}, 'cordon');
  checkFurtherRegions(config);
  return config;
};
