import { Annotations, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, type Conditions, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type Bucket, BucketEncryption, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { ServiceKey } from './keys.ts';
import { PrivateBucket } from './private-bucket.ts';

export interface EvidenceStoreProps {
  readonly retention: Config['evidence'];
  readonly accessLogs: Bucket;
  readonly suffix: string;
}

/** Objects are written once and cannot be removed while their retention lasts, not even by an administrator who is in a hurry. */
export class EvidenceStore extends Construct {
  readonly bucket: PrivateBucket;
  readonly key: ServiceKey;

  constructor(scope: Construct, id: string, { retention, accessLogs, suffix }: EvidenceStoreProps) {
    super(scope, id);
    const lock = retention.mode === 'COMPLIANCE' ? ObjectLockRetention.compliance : ObjectLockRetention.governance;
    this.key = new ServiceKey(this, 'Key', { description: 'Cordon: evidence', alias: `cordon/evidence${suffix}`, via: 's3' });
    this.bucket = new PrivateBucket(this, 'Bucket', {
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: lock(Duration.days(retention.days)),
      encryption: BucketEncryption.KMS,
      encryptionKey: this.key,
      bucketKeyEnabled: true,
      accessLogs: { bucket: accessLogs, prefix: 'evidence/' },
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    });
    for (const statement of denials(this.bucket.arnForObjects('*'), retention)) this.bucket.addToResourcePolicy(statement);
    if (retention.mode === 'COMPLIANCE')
      Annotations.of(this).addWarningV2(
        'cordon:compliance',
        `evidence is locked in COMPLIANCE mode for ${retention.days} days: nobody can delete any of it earlier, not even the account's root user, and the bucket cannot be emptied`,
      );
  }
}

const deny = (sid: string, resource: string, actions: string[], conditions?: Conditions) =>
  new PolicyStatement({
    sid,
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions,
    resources: [resource],
    ...(conditions && { conditions }),
  });

/** For everybody, the responders included. */
const denials = (objects: string, { legalHold }: Config['evidence']): PolicyStatement[] => [
  deny('NobodyRemovesOrUnlocksEvidence', objects, ['s3:DeleteObject*', 's3:BypassGovernanceRetention', 's3:PutObjectRetention']),
  // A hold may be set where it is wanted, and is taken off by nobody: only this policy's owner can decide that.
  legalHold
    ? deny('NobodyLiftsALegalHold', objects, ['s3:PutObjectLegalHold'], { StringNotEquals: { 's3:object-lock-legal-hold': 'ON' } })
    : deny('NobodySetsALegalHold', objects, ['s3:PutObjectLegalHold']),
  // Whoever writes must say "only if there is nothing yet". A new version over an old one would hide it from plain reads.
  deny('NobodyOverwritesEvidence', objects, ['s3:PutObject'], { Null: { 's3:if-none-match': 'true' } }),
];
