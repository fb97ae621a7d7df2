import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Resources } from '../shared/grants.ts';
import { PrivateBucket } from '../shared/private-bucket.ts';
import { columns } from './cloudtrail-columns.ts';
import type { Trail } from './trail.ts';
import { TrailHunts } from './trail-hunts.ts';

export interface TrailQueryProps {
  readonly trail: Trail;
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  readonly scanLimitMb: number;
  readonly key: IKey;
  readonly accessLogs: Bucket;
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

  constructor(
    scope: Construct,
    id: string,
    { trail, accounts, regions, scanLimitMb, key, accessLogs, names }: TrailQueryProps,
  ) {
    super(scope, id);
    this.results = new PrivateBucket(this, 'Results', {
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      accessLogs: { bucket: accessLogs, prefix: 'results/' },
      removalPolicy: RemovalPolicy.RETAIN,
      // What matters of a result becomes evidence; the rest can be asked again.
      lifecycleRules: [
        { expiration: Duration.days(7), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    this.workgroup = new CfnWorkGroup(this, 'Workgroup', {
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
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: names.database },
    });
    new CfnTable(this, 'Table', {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: names.database,
      tableInput: tableOf({ name: names.trailTable, location: trail.location, accounts, regions }),
    }).addResourceDependency(database);
    new TrailHunts(this, 'Hunts', { database: names.database, workgroup: this.workgroup });
    this.place = {
      workgroup: names.workgroup,
      table: { database: names.database, name: names.trailTable },
      accounts,
      regions,
    };
    const arn = (service: string, resource: string) =>
      `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
    this.resources = {
      workgroup: [arn('athena', `workgroup/${names.workgroup}`)],
      trailTable: [
        'catalog',
        `database/${names.database}`,
        `table/${names.database}/${names.trailTable}`,
      ].map((resource) => arn('glue', resource)),
      trailBucket: [trail.bucketArn],
      // Without a key of its own the trail needs no permission for one; the answers need this one
      // anyway.
      trailKey: [trail.keyArn ?? key.keyArn],
      queryResults: [this.results.bucketArn],
    };
  }
}

/**
 * As AWS documents the table, with account and region projected beside the day, so that no query
 * can leave them out cheaply.
 */
export const tableOf = ({
  name,
  location,
  accounts,
  regions,
}: {
  name: string;
  location: string;
  accounts: readonly string[];
  regions: readonly string[];
}) => ({
  name,
  tableType: 'EXTERNAL_TABLE',
  partitionKeys: ['account', 'region', 'day'].map((key) => ({ name: key, type: 'string' })),
  parameters: {
    EXTERNAL: 'TRUE',
    'projection.enabled': 'true',
    'projection.account.type': 'enum',
    'projection.account.values': accounts.join(','),
    'projection.region.type': 'enum',
    'projection.region.values': regions.join(','),
    'projection.day.type': 'date',
    'projection.day.format': 'yyyy/MM/dd',
    'projection.day.range': '2020/01/01,NOW',
    'projection.day.interval': '1',
    'projection.day.interval.unit': 'DAYS',
    'storage.location.template': `${location}/\${account}/CloudTrail/\${region}/\${day}`,
  },
  storageDescriptor: {
    location: `${location}/`,
    inputFormat: 'com.amazon.emr.cloudtrail.CloudTrailInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    serdeInfo: { serializationLibrary: 'org.apache.hive.hcatalog.data.JsonSerDe' },
    columns: [...columns],
  },
});
