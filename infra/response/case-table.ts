import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { stateIndex } from '../../responders/incident/keys.ts';
import { denyOthers, ownRoles } from '../shared/deny.ts';
import { ServiceKey } from '../shared/keys.ts';

export interface CaseTableProps {
  readonly deletionProtection: boolean;
  readonly suffix: string;
  /** Who may change the table itself, copy it, and change its policy. */
  readonly deployers: readonly string[];
}

/** Everything that Cordon knows about its incidents, in one table. */
export class CaseTable extends Construct {
  readonly table: Table;
  readonly key: ServiceKey;
  /** The table and its index: what a grant on the table means. */
  readonly resources: readonly string[];

  constructor(
    scope: Construct,
    id: string,
    { deletionProtection, suffix, deployers }: CaseTableProps,
  ) {
    super(scope, id);
    this.key = new ServiceKey(this, 'Key', {
      description: 'Cordon: the case table',
      alias: `cordon/cases${suffix}`,
      via: 'dynamodb',
      deployers,
    });
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expiresAt',
      deletionProtection,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.table.addGlobalSecondaryIndex({
      indexName: stateIndex,
      partitionKey: { name: 'state', type: AttributeType.STRING },
      sortKey: { name: 'openedAt', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    for (const denial of denials(deployers)) this.table.addToResourcePolicy(denial);
    this.resources = [this.table.tableArn, `${this.table.tableArn}/index/${stateIndex}`];
  }
}

const named = (...calls: readonly string[]): string[] => calls.map((call) => `dynamodb:${call}`);

/** Reads and writes of items, each as DynamoDB authorises it. */
const useOfItems = named(
  ...['GetItem', 'BatchGetItem', 'Query', 'Scan', 'PartiQLSelect'],
  ...['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'ConditionCheckItem'],
  ...['PartiQLInsert', 'PartiQLUpdate', 'PartiQLDelete'],
);

/** What copies all items elsewhere, or changes the table and its policy. */
const useOfTable = named(
  ...['ExportTableToPointInTime', 'RestoreTableToPointInTime'],
  ...['CreateBackup', 'StartAwsBackupJob'],
  ...['EnableKinesisStreamingDestination', 'UpdateContinuousBackups', 'UpdateTimeToLive'],
  ...['UpdateTable', 'DeleteTable', 'PutResourcePolicy', 'DeleteResourcePolicy'],
);

/**
 * A policy of a table cannot name the table, which does not exist before its policy: `*` is this
 * table and its index.
 */
const denials = (deployers: readonly string[]): PolicyStatement[] => [
  denyOthers({
    sid: 'OnlyCordonUsesItems',
    actions: useOfItems,
    resources: ['*'],
    but: [ownRoles],
  }),
  denyOthers({
    sid: 'OnlyDeployersUseTheTable',
    actions: useOfTable,
    resources: ['*'],
    but: deployers,
  }),
];
