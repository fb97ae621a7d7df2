import { ListProvisionedConcurrencyConfigsCommand, ListVersionsByFunctionCommand } from '@aws-sdk/client-lambda';
import type { Collector } from '../core/collector.ts';
import { allPages, answer } from './parts/answer.ts';
import { aliasesOf, nobody, readingFunctions } from './parts/suspect.ts';

export const versionsAndAliases: Collector = {
  id: 'collect.versions-and-aliases',
  title: 'Versions, aliases with their weights, and provisioned concurrency',
  when: 'at once',
  calls: [readingFunctions('ListVersionsByFunction', 'ListAliases', 'ListProvisionedConcurrencyConfigs')],
  async *collect({ head: { suspect } }, from) {
    if (!suspect) return yield nobody('versions and aliases');
    const { lambda, signal } = from;
    const request = { FunctionName: suspect.functionName };
    yield await answer({
      path: 'function/versions.json',
      call: 'lambda:ListVersionsByFunction',
      request,
      ask: () =>
        allPages(
          (Marker) => lambda.send(new ListVersionsByFunctionCommand({ ...request, Marker }), { abortSignal: signal }),
          // Their environments are in the configurations, which only an auditor needs to open.
          ({ Versions }) => Versions?.map(({ Environment: _secrets, ...version }) => version),
          ({ NextMarker }) => NextMarker,
        ),
    });
    yield await answer({
      path: 'function/aliases.json',
      call: 'lambda:ListAliases',
      request,
      ask: () => aliasesOf(suspect.functionName, from),
    });
    yield await answer({
      path: 'function/provisioned-concurrency.json',
      call: 'lambda:ListProvisionedConcurrencyConfigs',
      request,
      ask: () =>
        allPages(
          (Marker) => lambda.send(new ListProvisionedConcurrencyConfigsCommand({ ...request, Marker }), { abortSignal: signal }),
          ({ ProvisionedConcurrencyConfigs }) => ProvisionedConcurrencyConfigs,
          ({ NextMarker }) => NextMarker,
        ),
    });
  },
};
