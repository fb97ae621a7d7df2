import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

const s3 = new S3Client({});
const dynamodb = new DynamoDBClient({});

interface Done {
  readonly ok: true;
  readonly at: string;
}

/** What an attacker gets out of a debug endpoint that prints the environment. */
interface Leak {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

const variable = (name: string): string => {
  const text = process.env[name];
  if (text === undefined) throw new Error(`the environment has no ${name}`);
  return text;
};

/**
 * Writes and reads one object and one item; a denied session fails here. The keys are fixed, so
 * that repeated calls store no more.
 */
const work = async (): Promise<Done> => {
  const at = new Date().toISOString();
  const name = variable('AWS_LAMBDA_FUNCTION_NAME');
  const object = { Bucket: variable('CANARY_BUCKET'), Key: `canary/${name}` };
  const table = variable('CANARY_TABLE');
  await s3.send(new PutObjectCommand({ ...object, Body: at }));
  await s3.send(new GetObjectCommand(object)).then(({ Body }) => Body?.transformToString());
  await dynamodb.send(
    new PutItemCommand({ TableName: table, Item: { id: { S: name }, at: { S: at } } }),
  );
  await dynamodb.send(new GetItemCommand({ TableName: table, Key: { id: { S: name } } }));
  return { ok: true, at };
};

const leak = (): Leak => ({
  accessKeyId: variable('AWS_ACCESS_KEY_ID'),
  secretAccessKey: variable('AWS_SECRET_ACCESS_KEY'),
  sessionToken: variable('AWS_SESSION_TOKEN'),
});

/** Only a direct invocation: events of the URL and the queue wrap what their sender wrote. */
const asksForLeak = (event: unknown): boolean => JSON.stringify(event) === '{"action":"leak"}';

/**
 * The application that drills attack. It has a vulnerability on purpose: it answers a direct
 * invocation with its own session. Only the drill role may invoke it directly; calls through the
 * public URL and the queue cannot ask for the session.
 */
export const handler = async (event: unknown): Promise<Done | Leak> =>
  asksForLeak(event) ? leak() : work();
