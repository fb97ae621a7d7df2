import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetResourcePolicyCommand,
  ListTagsOfResourceCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListAliasesCommand,
  ListResourceTagsCommand,
} from '@aws-sdk/client-kms';
import {
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Reader } from './readers.ts';

/** What is not there is nothing, so that it differs from whatever the template wanted. */
const orNothing = <T>(read: Promise<T>): Promise<T | undefined> => read.catch(() => undefined);

export const readBucket: Reader = async (client, Bucket) => {
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const [versioning, lock, encryption, access, ownership, logging, tags, lifecycle, cors] =
    await Promise.all([
      s3.send(new GetBucketVersioningCommand({ Bucket })),
      orNothing(s3.send(new GetObjectLockConfigurationCommand({ Bucket }))),
      orNothing(s3.send(new GetBucketEncryptionCommand({ Bucket }))),
      orNothing(s3.send(new GetPublicAccessBlockCommand({ Bucket }))),
      orNothing(s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))),
      orNothing(s3.send(new GetBucketLoggingCommand({ Bucket }))),
      orNothing(s3.send(new GetBucketTaggingCommand({ Bucket }))),
      orNothing(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))),
      orNothing(s3.send(new GetBucketCorsCommand({ Bucket }))),
    ]);
  return {
    VersioningConfiguration: versioning.Status && { Status: versioning.Status },
    ObjectLockEnabled: lock?.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled',
    ObjectLockConfiguration: lock?.ObjectLockConfiguration,
    BucketEncryption: encryption && {
      ServerSideEncryptionConfiguration: encryption.ServerSideEncryptionConfiguration?.Rules?.map(
        ({ ApplyServerSideEncryptionByDefault, BucketKeyEnabled }) => ({
          ...(BucketKeyEnabled && { BucketKeyEnabled }),
          ServerSideEncryptionByDefault: ApplyServerSideEncryptionByDefault,
        }),
      ),
    },
    PublicAccessBlockConfiguration: access?.PublicAccessBlockConfiguration,
    OwnershipControls: ownership?.OwnershipControls,
    LoggingConfiguration: logging?.LoggingEnabled && {
      DestinationBucketName: logging.LoggingEnabled.TargetBucket,
      LogFilePrefix: logging.LoggingEnabled.TargetPrefix,
    },
    LifecycleConfiguration: lifecycle && {
      Rules: lifecycle.Rules?.map(
        ({ Status, Expiration, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload }) => ({
          Status,
          ...(Expiration?.Days && { ExpirationInDays: Expiration.Days }),
          ...(Expiration?.ExpiredObjectDeleteMarker && { ExpiredObjectDeleteMarker: true }),
          ...(NoncurrentVersionExpiration && { NoncurrentVersionExpiration }),
          ...(AbortIncompleteMultipartUpload && { AbortIncompleteMultipartUpload }),
        }),
      ),
    },
    CorsConfiguration: cors && {
      CorsRules: cors.CORSRules?.map(
        ({ AllowedMethods, AllowedOrigins, ExposeHeaders, MaxAgeSeconds }) => ({
          AllowedMethods,
          AllowedOrigins,
          ExposedHeaders: ExposeHeaders,
          MaxAge: MaxAgeSeconds,
        }),
      ),
    },
    Tags: tags?.TagSet,
  };
};

export const readBucketPolicy: Reader = async (client, _id, { Bucket }) => {
  const { Policy = '{}' } = await new S3Client({ ...client, forcePathStyle: true }).send(
    new GetBucketPolicyCommand({ Bucket: String(Bucket) }),
  );
  return { Bucket, PolicyDocument: JSON.parse(Policy) };
};

const tablePolicy = async (dynamodb: DynamoDBClient, ResourceArn = ''): Promise<unknown> => {
  try {
    const { Policy = '{}' } = await dynamodb.send(new GetResourcePolicyCommand({ ResourceArn }));
    return { PolicyDocument: JSON.parse(Policy) };
  } catch (error) {
    if (error instanceof Error && error.name === 'PolicyNotFoundException') return undefined;
    throw error;
  }
};

export const readTable: Reader = async (client, TableName) => {
  const dynamodb = new DynamoDBClient(client);
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
  const [{ ContinuousBackupsDescription }, { TimeToLiveDescription }, { Tags }] = await Promise.all(
    [
      dynamodb.send(new DescribeContinuousBackupsCommand({ TableName })),
      dynamodb.send(new DescribeTimeToLiveCommand({ TableName })),
      dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn: Table?.TableArn ?? '' })),
    ],
  );
  const ttl = TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED';
  return {
    KeySchema: Table?.KeySchema,
    AttributeDefinitions: Table?.AttributeDefinitions,
    BillingMode: Table?.BillingModeSummary?.BillingMode,
    GlobalSecondaryIndexes: Table?.GlobalSecondaryIndexes?.map(
      ({ IndexName, KeySchema, Projection }) => ({
        IndexName,
        KeySchema,
        Projection,
      }),
    ),
    DeletionProtectionEnabled: Table?.DeletionProtectionEnabled,
    PointInTimeRecoverySpecification: {
      PointInTimeRecoveryEnabled:
        ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus ===
        'ENABLED',
    },
    SSESpecification: Table?.SSEDescription?.KMSMasterKeyArn
      ? {
          SSEEnabled: Table.SSEDescription.Status === 'ENABLED',
          SSEType: Table.SSEDescription.SSEType,
          KMSMasterKeyId: Table.SSEDescription.KMSMasterKeyArn,
        }
      : { SSEEnabled: false },
    TimeToLiveSpecification: { AttributeName: TimeToLiveDescription?.AttributeName, Enabled: ttl },
    ResourcePolicy: await tablePolicy(dynamodb, Table?.TableArn),
    Tags,
  };
};

export const readKey: Reader = async (client, KeyId, { EnableKeyRotation }) => {
  const kms = new KMSClient(client);
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
  const { Policy = '{}' } = await kms.send(new GetKeyPolicyCommand({ KeyId }));
  const { Tags } = await kms.send(new ListResourceTagsCommand({ KeyId }));
  const rotation = EnableKeyRotation
    ? await kms.send(new GetKeyRotationStatusCommand({ KeyId }))
    : undefined;
  return {
    Description: KeyMetadata?.Description,
    KeySpec: KeyMetadata?.KeySpec,
    KeyUsage: KeyMetadata?.KeyUsage,
    KeyPolicy: JSON.parse(Policy),
    EnableKeyRotation: rotation?.KeyRotationEnabled,
    RotationPeriodInDays: rotation?.RotationPeriodInDays,
    Tags: Tags?.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue })),
  };
};

export const readAlias: Reader = async (client, _id, { AliasName, TargetKeyId }) => {
  const { Aliases } = await new KMSClient(client).send(new ListAliasesCommand({}));
  const found = Aliases?.find((alias) => alias.AliasName === AliasName);
  return {
    AliasName: found?.AliasName,
    TargetKeyId: found && String(TargetKeyId).replace(/[^/]+$/, found.TargetKeyId ?? ''),
  };
};
