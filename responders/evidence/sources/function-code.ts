import { type FunctionCodeLocation, GetFunctionCommand } from '@aws-sdk/client-lambda';
import type { Case } from '../../incident/case.ts';
import type { Gap } from '../../incident/evidence.ts';
import type { Collecting, Collector, CollectorOutput } from '../collector.ts';
import { json } from '../store.ts';
import { reasonOf } from './parts/answer.ts';
import {
  type FunctionVersion,
  folderOfVersion,
  isGap,
  noFunction,
  readingFunctions,
  versionsOf,
} from './parts/suspect.ts';
import { listingOf } from './parts/zip-listing.ts';

/** What AWS says about the code now, with a link that works for ten minutes. */
const look = async (FunctionName: string, Qualifier: string, { lambda, signal }: Collecting) => {
  const answer = await lambda.send(new GetFunctionCommand({ FunctionName, Qualifier }), {
    abortSignal: signal,
  });
  const { Code = {}, Configuration = {} } = answer;
  return {
    code: Code,
    sha256: Configuration.CodeSha256 ?? '',
    changedAt: Configuration.LastModified ?? 'an unknown time',
    requestId: answer.$metadata.requestId ?? null,
  };
};

const open = async (functionName: string, version: string, from: Collecting) => {
  const { code } = await look(functionName, version, from);
  if (!code.Location)
    throw new Error(code.Error?.Message ?? 'AWS gives no link to the code any more');
  return from.follow(code.Location, from.signal);
};

const image = (
  folder: string,
  { ImageUri, ResolvedImageUri }: FunctionCodeLocation,
  requestId: string | null,
) => ({
  path: `${folder}image.json`,
  type: 'application/json',
  source: 'lambda:GetFunction',
  requestId,
  body: json({ ImageUri, ResolvedImageUri }),
});

/**
 * Somebody was faster than the collection: what ran when the finding was made is not what can be
 * read now.
 */
const replaced = (before: string, now: string, changedAt: string): Gap => ({
  kind: 'differs',
  what: 'code of $LATEST',
  why:
    `the code that was there when Cordon contained was replaced at ${changedAt}: ` +
    `its CodeSha256 was ${before} and is ${now} now; what is kept is the later code`,
});

const codeOf = async function* (
  { head }: Case,
  functionName: string,
  { version }: FunctionVersion,
  from: Collecting,
): CollectorOutput {
  const { code, sha256, changedAt, requestId } = await look(functionName, version, from);
  if (version === '$LATEST' && head.code && sha256 !== head.code)
    yield replaced(head.code, sha256, changedAt);
  const folder = folderOfVersion(version);
  if (code.ResolvedImageUri) {
    yield image(folder, code, requestId);
    return yield {
      what: `code of ${version}`,
      why: 'it is a container image: its digest is kept, its layers stay in the registry',
    };
  }
  if (!code.Location)
    return yield {
      what: `code of ${version}`,
      why: code.Error?.Message ?? 'AWS gives no link to it',
    };
  const path = `${folder}code.zip`;
  const source = 'lambda:GetFunction, Code.Location';
  yield {
    path,
    type: 'application/zip',
    source,
    requestId,
    sha256,
    open: () => open(functionName, version, from),
  };
  yield* listingOf(path, from);
};

export const functionCode: Collector = {
  id: 'collect.function-code',
  title:
    'The code of the version named, of the newest, and of every one behind an alias, ' +
    'compared with CodeSha256',
  when: 'at once',
  about: ['function'],
  calls: [readingFunctions('GetFunction', 'ListAliases')],
  async *collect(incident, from) {
    const { suspect } = incident.head;
    if (suspect?.kind !== 'function') return yield noFunction;
    for (const version of await versionsOf(incident, suspect.functionName, from))
      if (isGap(version)) yield version;
      else
        try {
          yield* codeOf(incident, suspect.functionName, version, from);
        } catch (error) {
          yield { what: `code of ${version.version}`, why: reasonOf(error) };
        }
  },
};
