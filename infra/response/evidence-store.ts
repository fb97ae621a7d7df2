import { Annotations, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, type Conditions, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  type Bucket,
  BucketEncryption,
  HttpMethods,
  type LifecycleRule,
  ObjectLockRetention,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { denyOthers, ownRoles } from '../shared/deny.ts';
import { ServiceKey } from '../shared/keys.ts';
import { PrivateBucket } from '../shared/private-bucket.ts';

export interface EvidenceStoreProps {
  readonly retention: Config['evidence'];
  readonly accessLogs: Bucket;
  readonly suffix: string;
  /** The origins whose pages may read what they have a link to. */
  readonly readers: readonly string[];
  /** Who may change the buckets and the key. */
  readonly deployers: readonly string[];
}

/**
 * Objects are written once and cannot be removed while their retention lasts, not even by an
 * administrator.
 */
export class EvidenceStore extends Construct {
  readonly bucket: PrivateBucket;
  /** For drills only: locked as well, but not for long. */
  readonly drillBucket: PrivateBucket;
  readonly key: ServiceKey;
  private readonly props: EvidenceStoreProps;

  constructor(scope: Construct, id: string, props: EvidenceStoreProps) {
    super(scope, id);
    this.props = props;
    const { retention, suffix, deployers } = props;
    const lock =
      retention.mode === 'COMPLIANCE'
        ? ObjectLockRetention.compliance
        : ObjectLockRetention.governance;
    this.key = new ServiceKey(this, 'Key', {
      description: 'Cordon: evidence',
      alias: `cordon/evidence${suffix}`,
      via: 's3',
      deployers,
    });
    this.bucket = this.locked('Bucket', 'evidence/', lock(Duration.days(retention.days)), []);
    this.drillBucket = this.locked(
      'DrillBucket',
      'drill-evidence/',
      ObjectLockRetention.governance(Duration.days(retention.drillDays)),
      expiryOf(retention.drillDays),
    );
    denyEveryone(this.bucket, retention.legalHold);
    // A hold has no end, and a drill has one.
    denyEveryone(this.drillBucket, false);
    if (retention.mode === 'COMPLIANCE')
      Annotations.of(this).addWarningV2(
        'cordon:compliance',
        `evidence is locked in COMPLIANCE mode for ${retention.days} days: nobody can delete ` +
          `any of it earlier, not even the account's root user, and the bucket cannot be ` +
          'emptied',
      );
  }

  /** Both with the one key: what may be read with it is decided by the bucket. */
  get both(): readonly PrivateBucket[] {
    return [this.bucket, this.drillBucket];
  }

  private locked(
    id: string,
    prefix: string,
    objectLockDefaultRetention: ObjectLockRetention,
    lifecycleRules: readonly LifecycleRule[],
  ): PrivateBucket {
    const { accessLogs, deployers, readers } = this.props;
    return new PrivateBucket(this, id, {
      deployers,
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention,
      encryption: BucketEncryption.KMS,
      encryptionKey: this.key,
      bucketKeyEnabled: true,
      accessLogs: { bucket: accessLogs, prefix },
      removalPolicy: RemovalPolicy.RETAIN,
      // A link of the console is the permission; this only lets its pages see what it leads to.
      ...(readers.length > 0 && {
        cors: [
          {
            allowedMethods: [HttpMethods.GET],
            allowedOrigins: [...readers],
            exposedHeaders: ['x-amz-version-id'],
            maxAge: 300,
          },
        ],
      }),
      lifecycleRules: [
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
        ...lifecycleRules,
      ],
    });
  }
}

/**
 * S3 itself removes what is old, which no bucket policy hinders. Twice the retention and a day: a
 * manifest is there for as long as the next one, which names it, is locked.
 */
const expiryOf = (days: number): LifecycleRule[] => [
  { expiration: Duration.days(2 * days + 1), noncurrentVersionExpiration: Duration.days(1) },
  { expiredObjectDeleteMarker: true },
];

const denyEveryone = (bucket: PrivateBucket, legalHold: boolean): void => {
  for (const statement of denials(bucket.arnForObjects('*'), legalHold))
    bucket.addToResourcePolicy(statement);
};

const deny = (sid: string, resource: string, actions: string[], conditions?: Conditions) =>
  new PolicyStatement({
    sid,
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions,
    resources: [resource],
    ...(conditions && { conditions }),
  });

/** For every principal, the responders included; evidence is read and written by Cordon's roles. */
const denials = (objects: string, legalHold: boolean): PolicyStatement[] => [
  denyOthers({
    sid: 'OnlyCordonReadsAndWritesEvidence',
    actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
    resources: [objects],
    but: [ownRoles],
  }),
  deny('NobodyRemovesOrUnlocksEvidence', objects, [
    's3:DeleteObject*',
    's3:BypassGovernanceRetention',
    's3:PutObjectRetention',
  ]),
  // A hold may be set where it is wanted, and no principal may lift it: only a change of this
  // policy allows that.
  legalHold
    ? deny('NobodyLiftsALegalHold', objects, ['s3:PutObjectLegalHold'], {
        StringNotEquals: { 's3:object-lock-legal-hold': 'ON' },
      })
    : deny('NobodySetsALegalHold', objects, ['s3:PutObjectLegalHold']),
  // Every write must say "only if there is nothing yet". A new version over an old one would hide
  // it from plain reads.
  deny('NobodyOverwritesEvidence', objects, ['s3:PutObject'], {
    Null: { 's3:if-none-match': 'true' },
  }),
];
