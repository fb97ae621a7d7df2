import { createHmac } from 'node:crypto';
import { GetFunctionCommand, type GetFunctionCommandOutput } from '@aws-sdk/client-lambda';
import type { Collector } from '../collector.ts';
import { json, type Piece } from '../store.ts';
import { answer } from './parts/answer.ts';
import {
  folderOfVersion,
  isGap,
  noFunction,
  readingFunctions,
  versionsOf,
} from './parts/suspect.ts';

/**
 * Names with a keyed hash of each value: a reader of the page sees what there was, and that two
 * values are the same, but cannot try out passwords. The key is in no file and differs in each
 * incident, so a hash compares within one incident only. A retry makes the same hashes.
 */
const namesOf = (
  folder: string,
  variables: Readonly<Record<string, string>>,
  key: Uint8Array,
): Piece => ({
  path: `${folder}environment-names.json`,
  type: 'application/json',
  source: 'lambda:GetFunction',
  body: json(
    Object.entries(variables).map(([name, value]) => ({
      name,
      keyedHash: createHmac('sha256', key).update(value).digest('hex').slice(0, 16),
    })),
  ),
});

/** All but the link to the code, which is a bearer credential. */
const withoutLink = ({
  Code: { Location: _link, ...code } = {},
  $metadata: _metadata,
  ...rest
}: GetFunctionCommandOutput) => ({
  ...rest,
  Code: code,
});

export const functionConfiguration: Collector = {
  id: 'collect.function-configuration',
  title: 'The function’s configuration with its environment, of every version collected',
  when: 'at once',
  about: ['function'],
  calls: [readingFunctions('GetFunction', 'ListAliases', 'ListTags')],
  async *collect(incident, from) {
    const { suspect } = incident.head;
    if (suspect?.kind !== 'function') return yield noFunction;
    const key = createHmac('sha256', from.salt).update(incident.head.id).digest();
    for (const version of await versionsOf(incident, suspect.functionName, from)) {
      if (isGap(version)) {
        yield version;
        continue;
      }
      const folder = folderOfVersion(version.version);
      const request = { FunctionName: suspect.functionName, Qualifier: version.version };
      let configuration: GetFunctionCommandOutput['Configuration'];
      yield await answer({
        path: `${folder}configuration.json`,
        call: 'lambda:GetFunction',
        request: { ...request, collectedBecause: version.because },
        ask: async () => {
          const got = await from.lambda.send(new GetFunctionCommand(request), {
            abortSignal: from.signal,
          });
          configuration = got.Configuration;
          return got;
        },
        keep: withoutLink,
        gone: `configuration of ${version.version}`,
      });
      const { Variables, Error: failed } = configuration?.Environment ?? {};
      if (Variables) yield namesOf(folder, Variables, key);
      if (failed)
        yield {
          what: `environment variables of ${version.version}`,
          why: `${failed.ErrorCode}: ${failed.Message}`,
        };
    }
  },
};
