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
import type { AddCleanup } from './cleanup.ts';
import { unzip } from './unzip.ts';

/** The attacker's handler. It answers with its session to requests that know the word. */
const compromisedHandler = (word: string): Buffer =>
  Buffer.from(
    readFileSync(join(import.meta.dirname, 'compromised-handler.mjs'), 'utf8').replace(
      '{word}',
      word,
    ),
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
  readonly addCleanup: AddCleanup;
}

/**
 * Replaces the code of a function. The function still works, and answers with its session to
 * requests with the returned headers. Their word is new every time, so that only this drill can use
 * it. The cleanup restores exactly the code that was there.
 */
export const compromiseFunction = async (
  FunctionName: string,
  { lambda, addCleanup }: Tools,
): Promise<Readonly<Record<string, string>>> => {
  const { clean, sha256 } = await deployed(FunctionName, lambda);
  const files = unzip(clean);
  if (files.some(({ name }) => name === 'original.mjs'))
    throw new CordonError(
      `${FunctionName} still has the backdoor of a drill that was killed: put its own code back, ` +
        'then drill (on this machine cordon down, then cordon up; on AWS aws lambda ' +
        'update-function-code with the S3Bucket and S3Key of its template)',
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
  addCleanup(`the code of ${FunctionName}`, async () => {
    const { CodeSha256 } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    if (CodeSha256 !== sha256) await update(clean);
  });
  const word = randomBytes(24).toString('hex');
  await update(
    zipOf([
      ...files.map((file) =>
        file.name === 'index.mjs' ? { ...file, name: 'original.mjs' } : file,
      ),
      { name: 'index.mjs', data: compromisedHandler(word) },
    ]),
  );
  return { 'x-drill': word };
};
