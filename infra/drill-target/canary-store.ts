import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from '../shared/acknowledge.ts';
import { PrivateBucket } from '../shared/private-bucket.ts';

/**
 * What the canaries read and write: a bucket and a table that hold nothing but their own traces.
 */
export class CanaryStore extends Construct {
  readonly bucket: PrivateBucket;
  readonly table: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bucket = new PrivateBucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      removalPolicy: RemovalPolicy.DESTROY,
      lifecycleRules: [{ expiration: Duration.days(1) }],
    });
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledge(this.bucket, {
      S1: 'Canary traces of one day; a drill reads who touched them from CloudTrail.',
    });
    acknowledge(this.table, {
      DDB3: 'Canary traces that every call overwrites: there is nothing to recover to.',
    });
  }
}
