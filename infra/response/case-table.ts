import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { ServiceKey } from '../shared/keys.ts';

/** Incidents by state, the newest last. */
export const byState = 'byState';

/** Everything that Cordon knows about its incidents, in one table. */
export class CaseTable extends Construct {
  readonly table: Table;
  readonly key: ServiceKey;
  /** The table and its index: what a grant on the table means. */
  readonly resources: readonly string[];

  constructor(
    scope: Construct,
    id: string,
    {
      deletionProtection,
      suffix,
    }: { readonly deletionProtection: boolean; readonly suffix: string },
  ) {
    super(scope, id);
    this.key = new ServiceKey(this, 'Key', {
      description: 'Cordon: the case table',
      alias: `cordon/cases${suffix}`,
      via: 'dynamodb',
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
      indexName: byState,
      partitionKey: { name: 'state', type: AttributeType.STRING },
      sortKey: { name: 'openedAt', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    this.resources = [this.table.tableArn, `${this.table.tableArn}/index/${byState}`];
  }
}
