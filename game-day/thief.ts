import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { CordonError } from '../operator/errors.ts';
import type { Credentials, SdkConfig } from '../operator/sdk-config.ts';
import { at } from '../responders/shared/json.ts';

/** What a function answered, as JSON; a failed or refused call throws. */
export const invoke = async (
  FunctionName: string,
  action: 'work' | 'leak',
  lambda: LambdaClient,
): Promise<unknown> => {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify({ action }) }),
  );
  const said = Payload?.transformToString() ?? '';
  if (FunctionError)
    throw new CordonError(`${FunctionName} failed (${FunctionError}): ${said.slice(0, 300)}`);
  return JSON.parse(said);
};

/** The session that something leaked, or nothing. */
export const sessionIn = (said: unknown): Credentials | undefined => {
  const [accessKeyId, secretAccessKey, sessionToken] = [
    'accessKeyId',
    'secretAccessKey',
    'sessionToken',
  ].map((key) => at(said, key));
  if (
    typeof accessKeyId !== 'string' ||
    typeof secretAccessKey !== 'string' ||
    typeof sessionToken !== 'string'
  )
    return undefined;
  return { accessKeyId, secretAccessKey, sessionToken };
};

/** The planted hole: a debug endpoint that hands out the function's session. */
export const leak = async (functionName: string, lambda: LambdaClient): Promise<Credentials> => {
  const session = sessionIn(await invoke(functionName, 'leak', lambda));
  if (!session)
    throw new CordonError(
      `${functionName} leaked nothing: is the function of this name the canary of the stack CordonDrillTarget?`,
    );
  return session;
};

/** What a thief does with somebody's session, from a machine of his own. */
export interface Thief {
  readonly readObject: () => Promise<unknown>;
  readonly writeItem: () => Promise<unknown>;
  /** Who am I, and who else is there: management calls, which CloudTrail's event history shows. */
  readonly lookAround: () => Promise<void>;
}

export interface Loot {
  readonly bucket: string;
  readonly table: string;
  /** The object to read, and the item to write. */
  readonly key: string;
  readonly item: string;
}

/** Who am I, and who else is there: whatever the answers, the calls leave their trace. */
export const lookingAround = (config: SdkConfig): (() => Promise<void>) => {
  const [sts, iam] = [new STSClient(config), new IAMClient(config)];
  return async () => {
    await Promise.allSettled([
      sts.send(new GetCallerIdentityCommand({})),
      iam.send(new ListRolesCommand({})),
    ]);
  };
};

/** Exactly the session's keys, no retries: each call is one answer. */
export const thief = (config: SdkConfig, { bucket, table, key, item }: Loot): Thief => {
  const once = { ...config, maxAttempts: 1 };
  const [s3, dynamo] = [new S3Client(once), new DynamoDBClient(once)];
  return {
    readObject: async () =>
      (await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))).Body?.transformToString(),
    writeItem: () =>
      dynamo.send(new PutItemCommand({ TableName: table, Item: { id: { S: item } } })),
    lookAround: lookingAround(once),
  };
};
