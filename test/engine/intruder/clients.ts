// The clients of an intruder, one for each service that it tries.
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient, ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { clientConfig, type KeyedEngine } from '../../../local/engine/clients.ts';
import type { Credentials } from '../../../operator/sdk-config.ts';

export interface Clients {
  readonly cloudtrail: CloudTrailClient;
  readonly dynamodb: DynamoDBClient;
  readonly events: EventBridgeClient;
  readonly iam: IAMClient;
  readonly kms: KMSClient;
  readonly lambda: LambdaClient;
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly states: SFNClient;
  readonly sts: STSClient;
}

/** Without credentials, the clients of the root key: it prepares, and it looks. */
export const clientsOf = (engine: KeyedEngine, credentials?: Credentials): Clients => {
  const config = clientConfig(engine, credentials);
  return {
    cloudtrail: new CloudTrailClient(config),
    dynamodb: new DynamoDBClient(config),
    events: new EventBridgeClient(config),
    iam: new IAMClient(config),
    kms: new KMSClient(config),
    lambda: new LambdaClient(config),
    s3: new S3Client(config),
    sns: new SNSClient(config),
    sqs: new SQSClient(config),
    states: new SFNClient(config),
    sts: new STSClient(config),
  };
};

/** The names of the managed policies of a role. */
export const attachedTo = async (
  { iam }: Pick<Clients, 'iam'>,
  roleName: string,
): Promise<readonly string[]> => {
  const { AttachedPolicies = [] } = await iam.send(
    new ListAttachedRolePoliciesCommand({ RoleName: roleName }),
  );
  return AttachedPolicies.map(({ PolicyName = '' }) => PolicyName);
};
