import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { CordonError } from '../operator/errors.ts';
import type { Credentials, SdkConfig } from '../operator/sdk-config.ts';
import { at } from '../responders/shared/json.ts';

/** Invokes a canary and returns its answer; a failed or refused call throws. */
export const invoke = async (
  FunctionName: string,
  action: 'work' | 'leak',
  lambda: LambdaClient,
): Promise<unknown> => {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify({ action }) }),
  );
  const answer = Payload?.transformToString() ?? '';
  if (FunctionError)
    throw new CordonError(`${FunctionName} failed (${FunctionError}): ${answer.slice(0, 300)}`);
  return JSON.parse(answer);
};

/** The session in the answer of a function that leaks it. */
export const sessionIn = (answer: unknown): Credentials | undefined => {
  const [accessKeyId, secretAccessKey, sessionToken] = [
    'accessKeyId',
    'secretAccessKey',
    'sessionToken',
  ].map((key) => at(answer, key));
  if (
    typeof accessKeyId !== 'string' ||
    typeof secretAccessKey !== 'string' ||
    typeof sessionToken !== 'string'
  )
    return undefined;
  return { accessKeyId, secretAccessKey, sessionToken };
};

/** Uses the vulnerability of a canary: a debug action that answers with its session. */
export const leak = async (functionName: string, lambda: LambdaClient): Promise<Credentials> => {
  const session = sessionIn(await invoke(functionName, 'leak', lambda));
  if (!session)
    throw new CordonError(
      `${functionName} leaked nothing: ` +
        'is the function of this name the canary of the stack CordonDrillTarget?',
    );
  return session;
};

/** The calls that an attacker makes with a stolen session, from another machine. */
export interface Attacker {
  readonly readObject: () => Promise<unknown>;
  readonly writeItem: () => Promise<unknown>;
  /** Management calls, because CloudTrail's event history shows no others. */
  readonly discover: () => Promise<void>;
}

export interface AttackTargets {
  readonly bucket: string;
  readonly table: string;
  /** The object to read, and the item to write. */
  readonly key: string;
  readonly itemId: string;
}

/** Asks who the caller is and which roles exist. CloudTrail records denied calls too. */
export const discovery = (config: SdkConfig): (() => Promise<void>) => {
  const [sts, iam] = [new STSClient(config), new IAMClient(config)];
  return async () => {
    await Promise.allSettled([
      sts.send(new GetCallerIdentityCommand({})),
      iam.send(new ListRolesCommand({})),
    ]);
  };
};

/** Uses the keys of the session without retries, so that each call has one answer. */
export const attackerWith = (
  config: SdkConfig,
  { bucket, table, key, itemId }: AttackTargets,
): Attacker => {
  const withoutRetries = { ...config, maxAttempts: 1 };
  const [s3, dynamo] = [new S3Client(withoutRetries), new DynamoDBClient(withoutRetries)];
  return {
    readObject: async () =>
      (await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))).Body?.transformToString(),
    writeItem: () =>
      dynamo.send(new PutItemCommand({ TableName: table, Item: { id: { S: itemId } } })),
    discover: discovery(withoutRetries),
  };
};
