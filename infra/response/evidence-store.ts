import { Annotations, Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  type Bucket,
  BucketEncryption,
  HttpMethods,
  type LifecycleRule,
  type ObjectLockRetention,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { denyEverybody, denyOthers, denyOverwriting, ownRoles } from '../shared/deny.ts';
import { ServiceKey } from '../shared/keys.ts';
import { lockOf } from '../shared/object-lock.ts';
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
    this.key = new ServiceKey(this, 'Key', {
      description: 'Cordon: evidence',
      alias: `cordon/evidence${suffix}`,
      via: 's3',
      deployers,
    });
    this.bucket = this.locked('Bucket', 'evidence/', lockOf(retention), []);
    this.drillBucket = this.locked(
      'DrillBucket',
      'drill-evidence/',
      lockOf({ mode: 'GOVERNANCE', days: retention.drillDays }),
      expiryOf(retention.drillDays),
    );
    addDenials(this.bucket, retention.legalHold);
    // A hold has no end, and a drill has one.
    addDenials(this.drillBucket, false);
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

const addDenials = (bucket: PrivateBucket, legalHold: boolean): void => {
  for (const statement of denials(bucket.arnForObjects('*'), legalHold))
    bucket.addToResourcePolicy(statement);
};

/** For every principal, the responders included; evidence is read and written by Cordon's roles. */
const denials = (objects: string, legalHold: boolean): PolicyStatement[] => [
  denyOthers({
    sid: 'OnlyCordonReadsAndWritesEvidence',
    actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
    resources: [objects],
    but: [ownRoles],
  }),
  denyEverybody({
    sid: 'NobodyRemovesOrUnlocksEvidence',
    actions: ['s3:DeleteObject*', 's3:BypassGovernanceRetention', 's3:PutObjectRetention'],
    resources: [objects],
  }),
  // A hold may be set where it is wanted, and no principal may lift it: only a change of this
  // policy allows that.
  denyEverybody({
    sid: legalHold ? 'NobodyLiftsALegalHold' : 'NobodySetsALegalHold',
    actions: ['s3:PutObjectLegalHold'],
    resources: [objects],
    ...(legalHold && {
      conditions: { StringNotEquals: { 's3:object-lock-legal-hold': 'ON' } },
    }),
  }),
  denyOverwriting('NobodyOverwritesEvidence', objects),
];
