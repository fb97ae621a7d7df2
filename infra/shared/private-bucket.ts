import { RemovalPolicy } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  type BucketProps,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { denyOthers } from './deny.ts';

type FixedProps =
  | 'blockPublicAccess'
  | 'objectOwnership'
  | 'enforceSSL'
  | 'serverAccessLogsBucket'
  | 'serverAccessLogsPrefix';

export interface PrivateBucketProps extends Omit<BucketProps, FixedProps> {
  /** The bucket that records reads and writes, and the prefix of the records. */
  readonly accessLogs?: { readonly bucket: Bucket; readonly prefix: string };
  /** Who may change the bucket itself; without it, IAM decides alone. */
  readonly deployers?: readonly string[];
}

/** What would open the bucket, let its objects go, or stop its records. */
const changes = [
  ...['PutBucketPolicy', 'DeleteBucketPolicy', 'PutBucketAcl', 'PutBucketPublicAccessBlock'],
  ...['PutBucketOwnershipControls', 'PutBucketVersioning', 'PutBucketObjectLockConfiguration'],
  ...['PutLifecycleConfiguration', 'PutReplicationConfiguration', 'PutEncryptionConfiguration'],
  ...['PutBucketLogging', 'PutBucketNotification', 'DeleteBucket'],
].map((call) => `s3:${call}`);

/** A bucket for this account only: no public access, no object owners but us, no plain HTTP. */
export class PrivateBucket extends Bucket {
  constructor(
    scope: Construct,
    id: string,
    { accessLogs, deployers, removalPolicy = RemovalPolicy.RETAIN, ...props }: PrivateBucketProps,
  ) {
    // The library's own class misses its own interface by one optional property, in strict
    // TypeScript only.
    const target = accessLogs && {
      serverAccessLogsBucket: accessLogs.bucket as IBucket,
      serverAccessLogsPrefix: accessLogs.prefix,
    };
    super(scope, id, {
      ...props,
      ...target,
      removalPolicy,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
    });
    if (deployers)
      this.addToResourcePolicy(
        denyOthers({
          sid: 'OnlyDeployersChangeTheBucket',
          actions: changes,
          resources: [this.bucketArn],
          but: deployers,
        }),
      );
    // A bucket that outlives the stack would lie there without it: deletable, overwritable, and
    // open to plain HTTP.
    this.policy?.applyRemovalPolicy(removalPolicy);
  }
}
