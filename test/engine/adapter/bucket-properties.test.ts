import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from './engine.ts';
import { deploy, outcome } from './world.ts';

const rules = [
  {
    Id: 'old',
    Status: 'Enabled',
    Prefix: 'incidents/',
    Transitions: [{ StorageClass: 'GLACIER', TransitionInDays: 90 }],
    ExpirationInDays: 400,
  },
  { Id: 'parts', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
  {
    Id: 'versions',
    Status: 'Enabled',
    TagFilters: [
      { Key: 'kind', Value: 'a' },
      { Key: 'tier', Value: 'b' },
    ],
    NoncurrentVersionExpiration: { NoncurrentDays: 30, NewerNoncurrentVersions: 2 },
    NoncurrentVersionTransitions: [{ StorageClass: 'STANDARD_IA', TransitionInDays: 30 }],
  },
];

const resources = {
  Key: {
    Type: 'AWS::KMS::Key',
    Properties: { KeyPolicy: { Version: '2012-10-17', Statement: [] } },
  },
  Logs: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'access-logs' } },
  Evidence: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketName: 'evidence',
      Tags: [{ Key: 'cordon:purpose', Value: 'evidence' }],
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: {
              SSEAlgorithm: 'aws:kms',
              KMSMasterKeyID: { 'Fn::GetAtt': ['Key', 'Arn'] },
            },
          },
        ],
      },
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 30 } },
      },
      LifecycleConfiguration: { Rules: rules },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LoggingConfiguration: { DestinationBucketName: { Ref: 'Logs' }, LogFilePrefix: 'evidence/' },
    },
  },
};

const Bucket = 'evidence';

describe('a bucket of a template', () => {
  let engine: Engine;
  let s3: S3Client;
  let keyArn: string;
  beforeAll(async () => {
    engine = await startEngine();
    s3 = new S3Client(engine.client());
    keyArn =
      (
        await deploy(engine, 'store', resources, {
          Key: { Value: { 'Fn::GetAtt': ['Key', 'Arn'] } },
        })
      ).Key ?? '';
  });
  afterAll(() => engine.stop());

  test('is encrypted with its key, tagged and versioned', async () => {
    const { ServerSideEncryptionConfiguration: encryption } = await s3.send(
      new GetBucketEncryptionCommand({ Bucket }),
    );

    expect(encryption?.Rules).toEqual([
      {
        BucketKeyEnabled: true,
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn },
      },
    ]);
    expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toContainEqual({
      Key: 'cordon:purpose',
      Value: 'evidence',
    });
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
  });

  test('locks and encrypts what is put into it', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));

    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'a' }));

    expect(head).toMatchObject({
      ObjectLockMode: 'GOVERNANCE',
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: keyArn,
    });
    expect(
      (await s3.send(new GetObjectLockConfigurationCommand({ Bucket }))).ObjectLockConfiguration
        ?.Rule,
    ).toEqual({
      DefaultRetention: { Mode: 'GOVERNANCE', Days: 30 },
    });
  });

  test('has every part of its lifecycle rules', async () => {
    const { Rules } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));

    expect(Rules).toMatchObject([
      {
        ID: 'old',
        Filter: { Prefix: 'incidents/' },
        Transitions: [{ StorageClass: 'GLACIER', Days: 90 }],
        Expiration: { Days: 400 },
      },
      { ID: 'parts', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
      {
        ID: 'versions',
        Filter: {
          And: {
            Tags: [
              { Key: 'kind', Value: 'a' },
              { Key: 'tier', Value: 'b' },
            ],
          },
        },
        NoncurrentVersionExpiration: { NoncurrentDays: 30, NewerNoncurrentVersions: 2 },
        NoncurrentVersionTransitions: [{ StorageClass: 'STANDARD_IA', NoncurrentDays: 30 }],
      },
    ]);
  });

  test('logs access, blocks the public and keeps its ownership setting', async () => {
    expect((await s3.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled).toEqual({
      TargetBucket: 'access-logs',
      TargetPrefix: 'evidence/',
    });
    expect(
      (await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration
        ?.BlockPublicPolicy,
    ).toBe(true);
    expect(
      (await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))).OwnershipControls?.Rules,
    ).toEqual([{ ObjectOwnership: 'BucketOwnerPreferred' }]);
  });

  test('loses what an update takes away, and keeps the rest', async () => {
    const {
      Tags: _tags,
      LifecycleConfiguration: _lifecycle,
      ...rest
    } = resources.Evidence.Properties;

    await deploy(
      engine,
      'store',
      { ...resources, Evidence: { ...resources.Evidence, Properties: rest } },
      {},
      true,
    );

    expect(await outcome(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })))).toBe(
      'NoSuchLifecycleConfiguration',
    );
    expect(
      (await s3.send(new GetObjectLockConfigurationCommand({ Bucket }))).ObjectLockConfiguration
        ?.ObjectLockEnabled,
    ).toBe('Enabled');
  });
});
