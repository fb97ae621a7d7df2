import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { PrivateBucket } from '../shared/private-bucket.ts';

/**
 * Records of the reads and writes of the other buckets. S3 delivers such logs only to buckets with
 * its own encryption.
 */
export class LogBucket extends PrivateBucket {
  constructor(scope: Construct, id: string, { retentionDays }: { readonly retentionDays: number }) {
    super(scope, id, {
      encryption: BucketEncryption.S3_MANAGED,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        {
          expiration: Duration.days(retentionDays),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    });
  }
}
