import {
  AthenaClient,
  GetNamedQueryCommand,
  GetWorkGroupCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-athena';
import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  ListTagsCommand,
} from '@aws-sdk/client-cloudtrail';
import { GetTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { at } from '../../support/infra/synthesised.ts';
import type { Reader } from './readers.ts';

export const readCloudTrail: Reader = async (client, name) => {
  const cloudtrail = new CloudTrailClient(client);
  const { trailList: [trail] = [] } = await cloudtrail.send(
    new DescribeTrailsCommand({ trailNameList: [name] }),
  );
  const { IsLogging } = await cloudtrail.send(new GetTrailStatusCommand({ Name: name }));
  const { AdvancedEventSelectors } = await cloudtrail.send(
    new GetEventSelectorsCommand({ TrailName: name }),
  );
  const { ResourceTagList } = await cloudtrail.send(
    new ListTagsCommand({ ResourceIdList: [trail?.TrailARN ?? ''] }),
  );
  return {
    EnableLogFileValidation: trail?.LogFileValidationEnabled,
    AdvancedEventSelectors,
    IncludeGlobalServiceEvents: trail?.IncludeGlobalServiceEvents,
    IsLogging,
    IsMultiRegionTrail: trail?.IsMultiRegionTrail,
    KMSKeyId: trail?.KmsKeyId,
    S3BucketName: trail?.S3BucketName,
    Tags: ResourceTagList?.[0]?.TagsList,
    TrailName: trail?.Name,
  };
};

export const readAthena: Reader = async (client, WorkGroup) => {
  const athena = new AthenaClient(client);
  const { WorkGroup: found } = await athena.send(new GetWorkGroupCommand({ WorkGroup }));
  const ResourceARN = `arn:aws:athena:us-east-1:000000000000:workgroup/${WorkGroup}`;
  const { Tags } = await athena.send(new ListTagsForResourceCommand({ ResourceARN }));
  return {
    Name: found?.Name,
    Description: found?.Description,
    WorkGroupConfiguration: found?.Configuration,
    Tags,
  };
};

export const readNamedQuery: Reader = async (client, NamedQueryId) => {
  const { NamedQuery: found } = await new AthenaClient(client).send(
    new GetNamedQueryCommand({ NamedQueryId }),
  );
  return { ...found };
};

export const readGlue: Reader = async (client, _id, { CatalogId, DatabaseName, TableInput }) => {
  const { Table } = await new GlueClient(client).send(
    new GetTableCommand({
      DatabaseName: String(DatabaseName),
      Name: String(at(TableInput, 'Name')),
    }),
  );
  const { Name, TableType, PartitionKeys, Parameters, StorageDescriptor } = Table ?? {};
  return {
    CatalogId,
    DatabaseName: Table?.DatabaseName,
    TableInput: { Name, TableType, PartitionKeys, Parameters, StorageDescriptor },
  };
};
