// What the intruder tries with Cordon's records: the case table, evidence, the trail and answers of
// Athena. No judgement here.
import {
  DeleteResourcePolicyCommand,
  ExecuteStatementCommand,
  ExportTableToPointInTimeCommand,
  GetItemCommand,
  PutItemCommand,
  RestoreTableToPointInTimeCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { Attempt } from './intruder.ts';

/** A policy that opens what it is attached to. */
export const open = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
});

/** An incident's head, and what the intruder writes into it. */
export const item = { pk: { S: 'INC#INC-20261130-intruder' }, sk: { S: 'HEAD' } };

export const withTable = (TableName: string, tableArn: string): readonly Attempt[] => {
  const attempt = (words: string, action: string, send: Attempt['send']): Attempt => ({
    words,
    action: `dynamodb:${action}`,
    resource: tableArn,
    send,
  });
  return [
    attempt('write an incident', 'PutItem', ({ dynamodb }) =>
      dynamodb.send(new PutItemCommand({ TableName, Item: item })),
    ),
    attempt('read an incident', 'GetItem', ({ dynamodb }) =>
      dynamodb.send(new GetItemCommand({ TableName, Key: item })),
    ),
    attempt('read all incidents', 'Scan', ({ dynamodb }) =>
      dynamodb.send(new ScanCommand({ TableName })),
    ),
    attempt('write an incident within a transaction', 'PutItem', ({ dynamodb }) =>
      dynamodb.send(
        new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item: item } }] }),
      ),
    ),
    attempt('write an incident by a statement', 'PartiQLInsert', ({ dynamodb }) =>
      dynamodb.send(
        new ExecuteStatementCommand({
          Statement: `INSERT INTO "${TableName}" VALUE {'pk': 'INC#x', 'sk': 'HEAD'}`,
        }),
      ),
    ),
    attempt('export the table', 'ExportTableToPointInTime', ({ dynamodb }) =>
      dynamodb.send(
        new ExportTableToPointInTimeCommand({ TableArn: tableArn, S3Bucket: 'elsewhere' }),
      ),
    ),
    attempt('restore the table as another', 'RestoreTableToPointInTime', ({ dynamodb }) =>
      dynamodb.send(
        new RestoreTableToPointInTimeCommand({
          SourceTableArn: tableArn,
          TargetTableName: 'copy-of-cases',
          UseLatestRestorableTime: true,
        }),
      ),
    ),
    attempt('delete the policy of the table', 'DeleteResourcePolicy', ({ dynamodb }) =>
      dynamodb.send(new DeleteResourcePolicyCommand({ ResourceArn: tableArn })),
    ),
  ];
};

/** With a bucket that holds records: its objects, and the bucket itself. */
export const withBucket = (Bucket: string, Key: string): readonly Attempt[] => {
  const ifNew = { 's3:if-none-match': '*' };
  return [
    {
      words: `write ${Key}`,
      action: 's3:PutObject',
      resource: `arn:aws:s3:::${Bucket}/${Key}`,
      context: ifNew,
      send: ({ s3 }) =>
        s3.send(new PutObjectCommand({ Bucket, Key, Body: 'forged', IfNoneMatch: '*' })),
    },
    {
      words: `delete ${Key}`,
      action: 's3:DeleteObject',
      resource: `arn:aws:s3:::${Bucket}/${Key}`,
      send: ({ s3 }) => s3.send(new DeleteObjectCommand({ Bucket, Key })),
    },
    {
      words: 'replace the policy of the bucket',
      action: 's3:PutBucketPolicy',
      resource: `arn:aws:s3:::${Bucket}`,
      send: ({ s3 }) => s3.send(new PutBucketPolicyCommand({ Bucket, Policy: open })),
    },
    {
      words: 'delete the policy of the bucket',
      action: 's3:DeleteBucketPolicy',
      resource: `arn:aws:s3:::${Bucket}`,
      send: ({ s3 }) => s3.send(new DeleteBucketPolicyCommand({ Bucket })),
    },
    {
      words: 'stop versions of the bucket',
      action: 's3:PutBucketVersioning',
      resource: `arn:aws:s3:::${Bucket}`,
      send: ({ s3 }) =>
        s3.send(
          new PutBucketVersioningCommand({
            Bucket,
            VersioningConfiguration: { Status: 'Suspended' },
          }),
        ),
    },
  ];
};

export const readEvidence = (Bucket: string, Key: string): Attempt => ({
  words: `read ${Key}`,
  action: 's3:GetObject',
  resource: `arn:aws:s3:::${Bucket}/${Key}`,
  send: ({ s3 }) => s3.send(new GetObjectCommand({ Bucket, Key })),
});
