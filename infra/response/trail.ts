import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { onlyServicesWrite } from '../shared/bucket-writers.ts';
import { deployersOf } from '../shared/deny.ts';
import { ServiceKey } from '../shared/keys.ts';
import { names } from '../shared/names.ts';
import { PrivateBucket } from '../shared/private-bucket.ts';
import { byOthers, selectorsOf } from './trail-selectors.ts';

export interface TrailRecordsProps {
  readonly config: Config;
  readonly accessLogs: Bucket;
  /** Buckets whose reads and writes the trail records too: chain of custody. */
  readonly evidence: readonly Bucket[];
  /** The table whose reads and writes it records for the same reason. */
  readonly cases: Table;
}

/**
 * Where CloudTrail's records are: in a trail of our own, or in the one that the account already
 * has.
 */
export class TrailRecords extends Construct {
  /** `s3://bucket/[prefix/]AWSLogs/[o-…]`: what stands before the account folders. */
  readonly location: string;
  readonly otherAccounts: readonly string[];
  readonly bucketArn: string;
  /** Of the key that encrypts the records; without one they are encrypted by S3's own. */
  readonly keyArn: string | undefined;

  constructor(scope: Construct, id: string, props: TrailRecordsProps) {
    super(scope, id);
    const { config, accessLogs, evidence, cases } = props;
    if (config.trail === 'own') {
      const { policySuffix: suffix, logRetentionDays: retentionDays } = config;
      const recorded = [
        ...evidence.map(({ bucketName }) => `arn:${Aws.PARTITION}:s3:::${bucketName}/`),
        ...(config.drillTarget ? drillTargets : []),
        ...(config.protectedApp ? appTables : []),
        ...config.dataEvents,
      ];
      const own = new OwnTrail(this, 'Own', {
        deployers: deployersOf(config.deployers),
        trailName: names(suffix).trail,
        retentionDays,
        accessLogs,
        recorded,
        cases,
        suffix,
      });
      this.location = `s3://${own.bucket.bucketName}/AWSLogs`;
      this.otherAccounts = [];
      this.bucketArn = own.bucket.bucketArn;
      this.keyArn = own.key.keyArn;
    } else {
      const { bucketName, prefix, organisationId, accounts, keyArn } = config.trail;
      const parts = [bucketName, prefix, 'AWSLogs', organisationId];
      this.location = `s3://${parts.filter((part) => part !== '').join('/')}`;
      this.otherAccounts = accounts;
      this.bucketArn = `arn:${Aws.PARTITION}:s3:::${bucketName}`;
      this.keyArn = keyArn === '' ? undefined : keyArn;
    }
  }
}

interface OwnTrailProps {
  readonly trailName: string;
  readonly retentionDays: number;
  readonly accessLogs: Bucket;
  /** Beginnings of ARNs whose data events are recorded. */
  readonly recorded: readonly string[];
  readonly cases: Table;
  readonly suffix: string;
  readonly deployers: readonly string[];
}

/**
 * A trail of this account's management events in all regions: without one there is nothing to
 * reconstruct an incident from.
 */
class OwnTrail extends Construct {
  readonly bucket: PrivateBucket;
  readonly key: ServiceKey;

  constructor(scope: Construct, id: string, props: OwnTrailProps) {
    super(scope, id);
    const { trailName, retentionDays, accessLogs, recorded, cases, suffix, deployers } = props;
    const here = `${Aws.REGION}:${Aws.ACCOUNT_ID}`;
    const arn = `arn:${Aws.PARTITION}:cloudtrail:${here}:trail/${trailName}`;
    this.key = new ServiceKey(this, 'Key', {
      description: 'Cordon: CloudTrail records',
      alias: `cordon/trail${suffix}`,
      via: 's3',
      deployers,
    });
    this.key.addToResourcePolicy(mayEncrypt(arn));
    this.bucket = new PrivateBucket(this, 'Bucket', {
      deployers,
      versioned: true,
      encryption: BucketEncryption.KMS,
      encryptionKey: this.key,
      bucketKeyEnabled: true,
      accessLogs: { bucket: accessLogs, prefix: 'trail/' },
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        {
          expiration: Duration.days(retentionDays),
          noncurrentVersionExpiration: Duration.days(30),
        },
      ],
    });
    onlyServicesWrite(this.bucket);
    for (const statement of mayDeliver(this.bucket, arn))
      this.bucket.addToResourcePolicy(statement);
    const trail = new CfnTrail(this, 'Trail', {
      trailName,
      isLogging: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      s3BucketName: this.bucket.bucketName,
      kmsKeyId: this.key.keyArn,
      advancedEventSelectors: [...selectorsOf(recorded), byOthers(cases, suffix)],
    });
    // CloudTrail checks on creation that it may write.
    if (this.bucket.policy) trail.node.addDependency(this.bucket.policy);
  }
}

/**
 * What the canaries of the other stack are called, which does not exist yet: CloudFormation's names
 * begin with the stack's.
 */
const drillTargets = [
  `arn:${Aws.PARTITION}:s3:::cordondrilltarget-`,
  `arn:${Aws.PARTITION}:dynamodb:${Aws.REGION}:${Aws.ACCOUNT_ID}:table/CordonDrillTarget-`,
];

/** Products, customers, questions: what stolen credentials of the application would read. */
const appTables = [
  `arn:${Aws.PARTITION}:dynamodb:${Aws.REGION}:${Aws.ACCOUNT_ID}:table/CordonProtectedApp-`,
];

const cloudTrail = new ServicePrincipal('cloudtrail.amazonaws.com');

const mayDeliver = (bucket: Bucket, trail: string): PolicyStatement[] => {
  const from = { 'aws:SourceArn': trail };
  return [
    new PolicyStatement({
      principals: [cloudTrail],
      actions: ['s3:GetBucketAcl'],
      resources: [bucket.bucketArn],
      conditions: { StringEquals: from },
    }),
    new PolicyStatement({
      principals: [cloudTrail],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects(`AWSLogs/${Aws.ACCOUNT_ID}/*`)],
      conditions: { StringEquals: { ...from, 's3:x-amz-acl': 'bucket-owner-full-control' } },
    }),
  ];
};

const mayEncrypt = (trail: string): PolicyStatement =>
  new PolicyStatement({
    principals: [cloudTrail],
    actions: ['kms:GenerateDataKey*', 'kms:DescribeKey'],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:SourceArn': trail } },
  });
