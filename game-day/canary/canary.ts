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
  const value = process.env[name];
  if (value === undefined) throw new Error(`the environment has no ${name}`);
  return value;
};

/**
 * One object and one item, written and read: whoever is denied finds out here. The keys are fixed,
 * so that nothing piles up.
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

/**
 * Only a direct call looks exactly like this; events of the URL and the queue carry their sender's
 * words deeper down.
 */
const asksForLeak = (event: unknown): boolean => JSON.stringify(event) === '{"action":"leak"}';

/**
 * The application that drills attack. Its planted vulnerability hands out its own session to
 * whoever may invoke it directly, which is the drill role; calls through the public URL and the
 * queue only ever work.
 */
export const handler = async (event: unknown): Promise<Done | Leak> =>
  asksForLeak(event) ? leak() : work();
