import { RemovalPolicy } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  type BucketProps,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

type FixedProps =
  | 'blockPublicAccess'
  | 'objectOwnership'
  | 'enforceSSL'
  | 'serverAccessLogsBucket'
  | 'serverAccessLogsPrefix';

export interface PrivateBucketProps extends Omit<BucketProps, FixedProps> {
  /** The bucket that records reads and writes, and the prefix of the records. */
  readonly accessLogs?: { readonly bucket: Bucket; readonly prefix: string };
}

/** A bucket for this account only: no public access, no object owners but us, no plain HTTP. */
export class PrivateBucket extends Bucket {
  constructor(
    scope: Construct,
    id: string,
    { accessLogs, removalPolicy = RemovalPolicy.RETAIN, ...props }: PrivateBucketProps,
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
    // A bucket that outlives the stack would lie there without it: deletable, overwritable, and
    // open to plain HTTP.
    this.policy?.applyRemovalPolicy(removalPolicy);
  }
}
