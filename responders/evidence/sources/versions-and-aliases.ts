import {
  GetProvisionedConcurrencyConfigCommand,
  ListVersionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import type { Collector } from '../collector.ts';
import { allPages, answer } from './parts/answer.ts';
import { aliasesOf, mostAliases, noFunction, readingFunctions } from './parts/suspect.ts';

export const versionsAndAliases: Collector = {
  id: 'collect.versions-and-aliases',
  title: 'Versions, aliases with their weights, and what each alias keeps warm',
  when: 'at once',
  about: ['function'],
  calls: [
    readingFunctions('ListVersionsByFunction', 'ListAliases', 'GetProvisionedConcurrencyConfig'),
  ],
  async *collect({ head: { suspect } }, from) {
    if (suspect?.kind !== 'function') return yield noFunction;
    const { lambda, signal } = from;
    const FunctionName = suspect.functionName;
    yield await answer({
      path: 'function/versions.json',
      call: 'lambda:ListVersionsByFunction',
      request: { FunctionName },
      ask: () =>
        allPages(
          (Marker) =>
            lambda.send(new ListVersionsByFunctionCommand({ FunctionName, Marker }), {
              abortSignal: signal,
            }),
          // Their environments are in the configurations, which only an auditor needs to open.
          ({ Versions }) => Versions?.map(({ Environment: _secrets, ...version }) => version),
          ({ NextMarker }) => NextMarker,
        ),
    });
    let names: readonly (string | undefined)[] = [];
    const ask = async () => {
      const aliases = await aliasesOf(FunctionName, from);
      names = aliases.items.map(({ Name }) => Name);
      return aliases;
    };
    yield await answer({
      path: 'function/aliases.json',
      call: 'lambda:ListAliases',
      request: { FunctionName },
      ask,
    });
    for (const [index, Qualifier] of names.slice(0, mostAliases).entries())
      yield await answer({
        path: `function/provisioned-concurrency/alias-${index + 1}.json`,
        call: 'lambda:GetProvisionedConcurrencyConfig',
        request: { FunctionName, Qualifier },
        ask: () =>
          lambda.send(new GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier }), {
            abortSignal: signal,
          }),
      });
    const rest = names.length - mostAliases;
    if (rest > 0)
      yield {
        what: `what ${rest} aliases keep warm`,
        why: `only ${mostAliases} aliases are asked about one by one`,
      };
  },
};
