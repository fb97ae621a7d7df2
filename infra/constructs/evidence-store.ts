import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
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
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'NobodyRemovesOrUnlocksEvidence',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:DeleteObject*', 's3:BypassGovernanceRetention', 's3:PutObjectRetention', 's3:PutObjectLegalHold'],
        resources: [this.bucket.arnForObjects('*')],
      }),
    );
  }
}
