import { RemovalPolicy } from 'aws-cdk-lib';
import {
  type Attribute,
  AttributeType,
  BillingMode,
  ProjectionType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { type AppTable, type AppTableName, appTables } from '../../protected-app/tables.ts';
import type { ServiceKey } from '../shared/keys.ts';

export interface AppTablesProps {
  readonly key: ServiceKey;
  readonly deletionProtection: boolean;
}

/**
 * Every table of protected-app/tables.ts. CloudFormation names them, so that a table that was kept
 * never stands in the way of a new one.
 */
export class AppTables extends Construct {
  /** By the name in tables.ts. */
  readonly byName: ReadonlyMap<string, Table>;

  constructor(scope: Construct, id: string, { key, deletionProtection }: AppTablesProps) {
    super(scope, id);
    this.byName = new Map(
      Object.entries<AppTable>(appTables).map(([name, spec]) => {
        const [partition, sort] = spec.key;
        const table = new Table(this, name, {
          partitionKey: attribute(partition),
          ...(sort !== undefined && { sortKey: attribute(sort) }),
          ...(spec.ttl !== undefined && { timeToLiveAttribute: spec.ttl }),
          billingMode: BillingMode.PAY_PER_REQUEST,
          encryption: TableEncryption.CUSTOMER_MANAGED,
          encryptionKey: key,
          pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
          deletionProtection,
          removalPolicy: deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        });
        for (const [indexName, [partition, sort]] of Object.entries(spec.indexes))
          table.addGlobalSecondaryIndex({
            indexName,
            partitionKey: attribute(partition),
            sortKey: attribute(sort),
            projectionType: ProjectionType.ALL,
          });
        return [name, table] as const;
      }),
    );
  }

  named(name: AppTableName): Table {
    const table = this.byName.get(name);
    if (!table) throw new Error(`protected-app/tables.ts has no ${name}`);
    return table;
  }
}

const attribute = (name: string): Attribute => ({ name, type: AttributeType.STRING });
