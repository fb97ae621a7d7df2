import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  type LambdaClient,
  UpdateFunctionCodeCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { zipOf } from '../local/engine/zip.ts';
import { CordonError } from '../operator/errors.ts';
import type { Afterwards } from './taking-back.ts';
import { unzip } from './unzip.ts';

/** The code of the attacker, opened by this word. */
const backdoor = (word: string): Buffer =>
  Buffer.from(
    readFileSync(join(import.meta.dirname, 'backdoor.mjs'), 'utf8').replace('{word}', word),
  );

/** The deployed code, and the hash by which Lambda knows it. */
const deployed = async (
  FunctionName: string,
  lambda: LambdaClient,
): Promise<{ clean: Buffer; sha256: string | undefined }> => {
  const { Code, Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName }));
  const answer = await fetch(Code?.Location ?? '', { signal: AbortSignal.timeout(60_000) });
  if (!answer.ok)
    throw new CordonError(
      `the code of ${FunctionName} could not be downloaded: HTTP ${answer.status}`,
    );
  return { clean: Buffer.from(await answer.arrayBuffer()), sha256: Configuration?.CodeSha256 };
};

interface Tools {
  readonly lambda: LambdaClient;
  readonly afterwards: Afterwards;
}

/**
 * Rewrites a function so that it still works, and hands out its session to whoever sends the
 * headers that are given back. Their word is new every time: nobody else can use what a drill
 * leaves open. Afterwards exactly the code that was there is put back.
 */
export const implant = async (
  FunctionName: string,
  { lambda, afterwards }: Tools,
): Promise<Readonly<Record<string, string>>> => {
  const { clean, sha256 } = await deployed(FunctionName, lambda);
  const files = unzip(clean);
  if (files.some(({ name }) => name === 'original.mjs'))
    throw new CordonError(
      `${FunctionName} still has the backdoor of a drill that was killed: put its own code back, then drill (on this machine cordon down, then cordon up; on AWS aws lambda update-function-code with the S3Bucket and S3Key of its template)`,
    );
  const update = async (ZipFile: Uint8Array): Promise<void> => {
    await waitUntilFunctionUpdatedV2(
      { client: lambda, maxWaitTime: 60, minDelay: 1 },
      { FunctionName },
    );
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
    await waitUntilFunctionUpdatedV2(
      { client: lambda, maxWaitTime: 60, minDelay: 1 },
      { FunctionName },
    );
  };
  afterwards(`the code of ${FunctionName}`, async () => {
    const { CodeSha256 } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    if (CodeSha256 !== sha256) await update(clean);
  });
  const word = randomBytes(24).toString('hex');
  await update(
    zipOf([
      ...files.map(({ name, data }) => ({
        name: name === 'index.mjs' ? 'original.mjs' : name,
        data,
      })),
      { name: 'index.mjs', data: backdoor(word) },
    ]),
  );
  return { 'x-drill': word };
};
