import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { onlyServicesWrite } from './bucket-writers.ts';
import { PrivateBucket } from './private-bucket.ts';

export interface LogBucketProps {
  readonly retentionDays: number;
  readonly deployers: readonly string[];
}

/**
 * Records of the reads and writes of the other buckets. S3 delivers such logs only to buckets with
 * its own encryption.
 */
export class LogBucket extends PrivateBucket {
  constructor(scope: Construct, id: string, { retentionDays, deployers }: LogBucketProps) {
    super(scope, id, {
      deployers,
      encryption: BucketEncryption.S3_MANAGED,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        {
          expiration: Duration.days(retentionDays),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    });
    onlyServicesWrite(this);
  }
}
