import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { PolicyDocument, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { CfnResourcePolicy, CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { AuditFunctionName } from '../../protected-app/audit/functions.ts';
import { dayIndex, pendingIndex } from '../../protected-app/audit/tables.ts';
import { acknowledge } from '../shared/acknowledge.ts';
import { denyEverybody, denyOthers, denyOverwriting, ownRole, ownRoles } from '../shared/deny.ts';
import { ServiceKey, SigningKey } from '../shared/keys.ts';
import { LogBucket } from '../shared/log-bucket.ts';
import { functionRole } from '../shared/names.ts';
import { lockOf } from '../shared/object-lock.ts';
import { PrivateBucket } from '../shared/private-bucket.ts';
import type { AuditConfig } from './config.ts';

export interface AuditStoreProps {
  readonly seals: AuditConfig['seals'];
  readonly deletionProtection: boolean;
  readonly logRetentionDays: number;
  readonly suffix: string;
  /** Who may change tables, bucket, keys and secret. */
  readonly deployers: readonly string[];
}

const text = (name: string) => ({ name, type: AttributeType.STRING });
const calls = (service: string, ...names: readonly string[]): string[] =>
  names.map((name) => `${service}:${name}`);

/** What changes or removes an item; a transaction is authorised as its parts. */
const writes = {
  add: calls('dynamodb', 'PutItem', 'PartiQLInsert'),
  change: calls('dynamodb', 'UpdateItem', 'PartiQLUpdate'),
  remove: calls('dynamodb', 'DeleteItem', 'PartiQLDelete', 'BatchWriteItem'),
};
const reads = calls('dynamodb', 'GetItem', 'BatchGetItem', 'Query', 'Scan', 'PartiQLSelect');
const useOfTable = calls(
  'dynamodb',
  ...['ExportTableToPointInTime', 'RestoreTableToPointInTime'],
  ...['CreateBackup', 'StartAwsBackupJob'],
  ...['EnableKinesisStreamingDestination', 'UpdateContinuousBackups', 'UpdateTimeToLive'],
  ...['UpdateTable', 'DeleteTable', 'PutResourcePolicy', 'DeleteResourcePolicy'],
);

/** Everything that the audit keeps: events, their ledger, their seals, and the key of persons. */
export class AuditStore extends Construct {
  readonly key: ServiceKey;
  readonly signingKey: SigningKey;
  readonly events: Table;
  readonly ledger: Table;
  readonly bucket: PrivateBucket;
  readonly secret: CfnSecret;
  private readonly props: AuditStoreProps;

  constructor(scope: Construct, id: string, props: AuditStoreProps) {
    super(scope, id);
    this.props = props;
    const { suffix, deployers } = props;
    this.key = new ServiceKey(this, 'Key', {
      description: 'The audit: its tables, seals, topics and secret',
      alias: `cordon/audit${suffix}`,
      via: ['dynamodb', 's3', 'sns', 'secretsmanager'],
      deployers,
    });
    this.signingKey = new SigningKey(this, 'SigningKey', {
      description: 'The audit: signs its seals',
      alias: `cordon/audit-seals${suffix}`,
      deployers,
      signers: [this.roleOf('AuditSeal')],
    });
    this.events = this.table('Events', true);
    this.events.addGlobalSecondaryIndex({
      indexName: dayIndex,
      partitionKey: text('day'),
      sortKey: { name: 'timestamp', type: AttributeType.NUMBER },
      projectionType: ProjectionType.ALL,
    });
    this.ledger = this.table('Ledger', false);
    this.ledger.addGlobalSecondaryIndex({
      indexName: pendingIndex,
      partitionKey: text('pending'),
      sortKey: text('ingestedAt'),
      projectionType: ProjectionType.ALL,
    });
    this.denyUses();
    this.bucket = this.lockedBucket();
    this.secret = this.obfuscationSecret();
  }

  private roleOf(name: AuditFunctionName): string {
    return ownRole(functionRole(name, this.props.suffix));
  }

  private table(id: string, isOfEvents: boolean): Table {
    return new Table(this, id, {
      partitionKey: text('event_id'),
      ...(isOfEvents && { sortKey: { name: 'timestamp', type: AttributeType.NUMBER } }),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: this.props.deletionProtection,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /**
   * Whatever IAM allows: an event is added by one function, and removed by nobody. No call is left
   * that changes one but PutItem, which that function makes on condition that there is none: no
   * policy can ask for the condition. A policy of a table cannot name the table, which does not
   * exist before it: `*` is this table.
   */
  private denyUses(): void {
    const [ingest, seal] = [this.roleOf('AuditIngest'), this.roleOf('AuditSeal')];
    const deny = (table: Table, sid: string, actions: string[], but: readonly string[]) =>
      table.addToResourcePolicy(denyOthers({ sid, actions, resources: ['*'], but }));
    for (const table of [this.events, this.ledger]) {
      deny(table, 'NobodyRemovesItems', writes.remove, []);
      deny(table, 'OnlyTheAuditReads', reads, [ownRoles]);
      deny(table, 'OnlyDeployersUseTheTable', useOfTable, this.props.deployers);
    }
    deny(this.events, 'OnlyIngestAdds', writes.add, [ingest]);
    deny(this.events, 'NobodyChangesEvents', writes.change, []);
    deny(this.ledger, 'OnlyItsFunctionsAdd', writes.add, [ingest, seal]);
    deny(this.ledger, 'OnlySealChanges', writes.change, [seal]);
  }

  private lockedBucket(): PrivateBucket {
    const { seals, deployers, logRetentionDays } = this.props;
    const bucket = new PrivateBucket(this, 'Seals', {
      deployers,
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: lockOf(seals),
      encryption: BucketEncryption.KMS,
      encryptionKey: this.key,
      bucketKeyEnabled: true,
      accessLogs: {
        bucket: new LogBucket(this, 'AccessLogs', { retentionDays: logRetentionDays, deployers }),
        prefix: 'seals/',
      },
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    });
    for (const denial of sealDenials(bucket.arnForObjects('*'), this.roleOf('AuditSeal')))
      bucket.addToResourcePolicy(denial);
    return bucket;
  }

  /** CloudFormation makes its value up, and no person ever sees it. */
  private obfuscationSecret(): CfnSecret {
    const secret = new CfnSecret(this, 'Obfuscation', {
      description: 'The audit: the key under which persons are obfuscated (FF1)',
      kmsKeyId: this.key.keyArn,
      generateSecretString: {
        secretStringTemplate: '{}',
        generateStringKey: 'key',
        passwordLength: 64,
        excludePunctuation: true,
      },
    });
    secret.applyRemovalPolicy(RemovalPolicy.RETAIN);
    acknowledge(secret, {
      SMG4:
        'Another key would give every person another name: what one person did before and after ' +
        'could not be found together, and nothing kept could be turned back.',
    });
    new CfnResourcePolicy(this, 'ObfuscationPolicy', {
      secretId: secret.ref,
      resourcePolicy: new PolicyDocument({
        statements: secretDenials(secret.ref, [this.roleOf('AuditIngest')], this.props.deployers),
      }),
    });
    return secret;
  }
}

const sealDenials = (objects: string, sealRole: string): PolicyStatement[] => [
  denyOthers({
    sid: 'OnlySealWrites',
    actions: ['s3:PutObject'],
    resources: [objects],
    but: [sealRole],
  }),
  denyOthers({
    sid: 'OnlyTheAuditReads',
    actions: ['s3:GetObject', 's3:GetObjectVersion'],
    resources: [objects],
    but: [ownRoles],
  }),
  denyEverybody({
    sid: 'NobodyRemovesOrUnlocksSeals',
    actions: [
      ...['s3:DeleteObject*', 's3:BypassGovernanceRetention'],
      ...['s3:PutObjectRetention', 's3:PutObjectLegalHold'],
    ],
    resources: [objects],
  }),
  denyOverwriting('NobodyOverwritesSeals', objects),
];

/** Whoever reads it can turn every person back. */
const secretDenials = (
  arn: string,
  readers: readonly string[],
  deployers: readonly string[],
): PolicyStatement[] => [
  denyOthers({
    sid: 'OnlyIngestReads',
    actions: calls('secretsmanager', 'GetSecretValue', 'BatchGetSecretValue'),
    resources: [arn],
    but: readers,
  }),
  denyOthers({
    sid: 'OnlyDeployersChange',
    actions: calls(
      'secretsmanager',
      ...['PutSecretValue', 'UpdateSecret', 'UpdateSecretVersionStage', 'DeleteSecret'],
      ...['RotateSecret', 'PutResourcePolicy', 'DeleteResourcePolicy', 'RestoreSecret'],
      'ReplicateSecretToRegions',
    ),
    resources: [arn],
    but: deployers,
  }),
];
