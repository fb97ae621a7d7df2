import { createHash } from 'node:crypto';
import { GetFunctionCommand, ListAliasesCommand } from '@aws-sdk/client-lambda';
import { zipOf } from '../../../../local/engine/zip.ts';
import type { CollectDeps } from '../../../../responders/evidence/collecting.ts';
import type { Collector } from '../../../../responders/evidence/collector.ts';
import { collectors } from '../../../../responders/evidence/collectors.ts';
import { fakeBucket } from '../../fakes/bucket.ts';
import { bodyOf, fakeSources } from '../../fakes/sources.ts';

export const code = zipOf([{ name: 'index.mjs', data: Buffer.from('code') }]);
export const other = zipOf([{ name: 'index.mjs', data: Buffer.from('changed meanwhile') }]);
export const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64');
export const folder = 'incidents/2026/11/21/inc-20261121-7f3k2m8q/';
/**
 * Longer than anything here takes, on a machine however slow: what hangs on purpose has a limit of
 * its own.
 */
export const limits = { perCollectorMs: 60_000, allMs: 80_000, atOnce: 4 };

export const named = (...ids: string[]): readonly Collector[] =>
  collectors.filter(({ id }) => ids.includes(id));

/** A function whose code is `code`, with what the test changes about it. */
export const setting = ({
  follow = async () => bodyOf(code),
  fail,
}: {
  follow?: () => Promise<ReturnType<typeof bodyOf>>;
  fail?: (key: string) => string | undefined;
} = {}) => {
  const { sources, account, logs } = fakeSources(undefined, follow);
  account.lambda.on(ListAliasesCommand).resolves({ Aliases: [] });
  account.lambda.on(GetFunctionCommand).callsFake(({ Qualifier }) => ({
    $metadata: {},
    Configuration: {
      FunctionName: 'orders',
      Version: Qualifier,
      CodeSha256: hashOf(code),
      Role: 'r',
    },
    Code: { Location: 'https://example.org/code?X-Amz-Signature=secret' },
  }));
  const bucket = fakeBucket(fail);
  const deps: CollectDeps = { to: bucket.to, sourcesFor: () => sources, limits };
  return { deps, bucket, account, logs };
};

export const pathsOf = ({ objects }: ReturnType<typeof fakeBucket>) =>
  [...objects.keys()].map((key) => key.slice(folder.length));
