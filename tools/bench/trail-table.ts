import { AthenaClient, CreateWorkGroupCommand } from '@aws-sdk/client-athena';
import { CreateDatabaseCommand, CreateTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { trailTable } from '../../infra/response/trail-table.ts';
import { clientConfig, type KeyedEngine } from '../../local/engine/clients.ts';

export interface Over {
  /** `s3://bucket/[prefix/]AWSLogs[/o-…]`: what stands before the account folders. */
  readonly location: string;
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  /** Of the database and of the workgroup. */
  readonly database: string;
}

/**
 * As Glue's API spells what CloudFormation spells with small letters; the parameters' names stay.
 */
const spelled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(spelled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, setting]) => [
      `${key.slice(0, 1).toUpperCase()}${key.slice(1)}`,
      key === 'parameters' ? setting : spelled(setting),
    ]),
  );
};

/**
 * The table of infra/ over a bucket that is there, and a workgroup of the same name as the
 * database.
 */
export const makeTable = async (at: KeyedEngine, { database, ...over }: Over): Promise<void> => {
  const [glue, athena, results] = [
    new GlueClient(clientConfig(at)),
    new AthenaClient(clientConfig(at)),
    `${database}-results`,
  ];
  await new S3Client(clientConfig(at)).send(new CreateBucketCommand({ Bucket: results }));
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: database } }));
  const TableInput = {
    Name: 'cloudtrail',
    ...(spelled(trailTable({ name: 'cloudtrail', ...over })) as object),
  };
  await glue.send(new CreateTableCommand({ DatabaseName: database, TableInput }));
  const Configuration = {
    EnforceWorkGroupConfiguration: true,
    ResultConfiguration: { OutputLocation: `s3://${results}/` },
  };
  await athena.send(new CreateWorkGroupCommand({ Name: database, Configuration }));
};
