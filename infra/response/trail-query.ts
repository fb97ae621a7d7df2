import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { onlyAthenaWrites } from '../shared/bucket-writers.ts';
import type { Resources } from '../shared/grants.ts';
import { PrivateBucket } from '../shared/private-bucket.ts';
import type { TrailRecords } from './trail.ts';
import { TrailHunts } from './trail-hunts.ts';
import { trailTable } from './trail-table.ts';

export interface TrailQueryProps {
  readonly trail: TrailRecords;
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  readonly scanLimitMb: number;
  readonly key: IKey;
  readonly accessLogs: Bucket;
  readonly deployers: readonly string[];
  readonly names: {
    readonly database: string;
    readonly trailTable: string;
    readonly workgroup: string;
  };
}

/** CloudTrail's files as a table, and a workgroup that limits what a query may cost. */
export class TrailQuery extends Construct {
  readonly results: PrivateBucket;
  readonly workgroup: CfnWorkGroup;
  /** What a query needs to name. */
  readonly place: {
    readonly workgroup: string;
    readonly table: object;
    readonly accounts: readonly string[];
    readonly regions: readonly string[];
  };
  /** What a query may touch. */
  readonly resources: Pick<
    Resources,
    'workgroup' | 'trailTable' | 'trailBucket' | 'trailKey' | 'queryResults'
  >;

  constructor(scope: Construct, id: string, props: TrailQueryProps) {
    super(scope, id);
    const { trail, accounts, regions, names } = props;
    this.results = this.resultBucket(props);
    this.workgroup = this.costLimitedWorkgroup(props);
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: names.database },
    });
    const { location } = trail;
    new CfnTable(this, 'Table', {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: names.database,
      tableInput: trailTable({ name: names.trailTable, location, accounts, regions }),
    }).addResourceDependency(database);
    new TrailHunts(this, 'Hunts', { database: names.database, workgroup: this.workgroup });
    this.place = {
      workgroup: names.workgroup,
      table: { database: names.database, name: names.trailTable },
      accounts,
      regions,
    };
    this.resources = queryResources(props, this.results);
  }

  private resultBucket({ key, accessLogs, deployers }: TrailQueryProps): PrivateBucket {
    const bucket = new PrivateBucket(this, 'Results', {
      deployers,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      accessLogs: { bucket: accessLogs, prefix: 'results/' },
      removalPolicy: RemovalPolicy.RETAIN,
      // Evidence keeps the rows that matter; any query can be run again.
      lifecycleRules: [
        { expiration: Duration.days(7), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    onlyAthenaWrites(bucket);
    return bucket;
  }

  private costLimitedWorkgroup({ scanLimitMb, key, names }: TrailQueryProps): CfnWorkGroup {
    return new CfnWorkGroup(this, 'Workgroup', {
      name: names.workgroup,
      description: 'Cordon: timelines of incidents',
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: scanLimitMb * 1_000_000,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${this.results.bucketName}/`,
          expectedBucketOwner: Aws.ACCOUNT_ID,
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: key.keyArn },
        },
      },
    });
  }
}

const arn = (service: string, resource: string): string =>
  `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;

const queryResources = (
  { trail, key, names: { workgroup, database, trailTable: table } }: TrailQueryProps,
  results: PrivateBucket,
): TrailQuery['resources'] => ({
  workgroup: [arn('athena', `workgroup/${workgroup}`)],
  trailTable: ['catalog', `database/${database}`, `table/${database}/${table}`].map((resource) =>
    arn('glue', resource),
  ),
  trailBucket: [trail.bucketArn],
  // A trail without a key of its own needs no permission for one. The results need this key anyway.
  trailKey: [trail.keyArn ?? key.keyArn],
  queryResults: [results.bucketArn],
});
