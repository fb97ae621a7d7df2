import {
  GetFunctionCodeSigningConfigCommand,
  GetFunctionConcurrencyCommand,
  GetRuntimeManagementConfigCommand,
  ListEventSourceMappingsCommand,
  ListFunctionEventInvokeConfigsCommand,
  ListFunctionUrlConfigsCommand,
  ListTagsCommand,
} from '@aws-sdk/client-lambda';
import type { Head } from '../../incident/case.ts';
import { feeds } from '../../shared/event-sources.ts';
import type { Collecting, Collector } from '../collector.ts';
import { allPages, answer } from './parts/answer.ts';
import { oursIn } from './parts/ours.ts';
import { resourcePolicies } from './parts/resource-policies.ts';
import { noFunction, readingFunctions } from './parts/suspect.ts';

const arnOf = ({ finding }: Head, name: string, { region, quarantine }: Collecting): string => {
  const partition = quarantine.role.split(':')[1] ?? 'aws';
  return `arn:${partition}:lambda:${region}:${finding.account}:function:${name}`;
};

const nextMarker = ({ NextMarker }: { readonly NextMarker?: string | undefined }) => NextMarker;

/** File, call, how to ask, and the responder that may have changed it. */
const questions = (FunctionName: string, Resource: string, { lambda, signal }: Collecting) => {
  const abort = { abortSignal: signal };
  const urls = (Marker?: string) =>
    lambda.send(new ListFunctionUrlConfigsCommand({ FunctionName, Marker }), abort);
  const sources = (Marker?: string) =>
    lambda.send(new ListEventSourceMappingsCommand({ Marker }), abort);
  const invokes = (Marker?: string) =>
    lambda.send(new ListFunctionEventInvokeConfigsCommand({ FunctionName, Marker }), abort);
  return [
    [
      'urls',
      'ListFunctionUrlConfigs',
      () => allPages(urls, ({ FunctionUrlConfigs }) => FunctionUrlConfigs, nextMarker),
      'close-function-url',
    ],
    [
      'event-sources',
      'ListEventSourceMappings',
      () =>
        allPages(
          sources,
          ({ EventSourceMappings }) => EventSourceMappings?.filter(feeds(FunctionName)),
          nextMarker,
        ),
      'pause-event-sources',
    ],
    [
      'event-invoke-configs',
      'ListFunctionEventInvokeConfigs',
      () =>
        allPages(
          invokes,
          ({ FunctionEventInvokeConfigs }) => FunctionEventInvokeConfigs,
          nextMarker,
        ),
    ],
    [
      'concurrency',
      'GetFunctionConcurrency',
      () => lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }), abort),
      'pause-function',
    ],
    [
      'code-signing',
      'GetFunctionCodeSigningConfig',
      () => lambda.send(new GetFunctionCodeSigningConfigCommand({ FunctionName }), abort),
    ],
    [
      'runtime-management',
      'GetRuntimeManagementConfig',
      () => lambda.send(new GetRuntimeManagementConfigCommand({ FunctionName }), abort),
    ],
    ['tags', 'ListTags', () => lambda.send(new ListTagsCommand({ Resource }), abort)],
  ] as const;
};

export const functionSettings: Collector = {
  id: 'collect.function-settings',
  title:
    'Who and what may call the function: policy, URLs, event sources, concurrency, tags, ' +
    'code signing, runtime',
  when: 'at once',
  about: ['function'],
  calls: [
    readingFunctions(
      'GetPolicy',
      'ListFunctionUrlConfigs',
      'ListFunctionEventInvokeConfigs',
      'GetFunctionConcurrency',
      'GetFunctionCodeSigningConfig',
      'GetRuntimeManagementConfig',
      'ListTags',
      'ListAliases',
    ),
    { on: 'lambda:*', may: ['ListEventSourceMappings'] },
  ],
  async *collect(incident, from) {
    const { suspect } = incident.head;
    if (suspect?.kind !== 'function') return yield noFunction;
    yield* resourcePolicies(suspect.functionName, from);
    const arn = arnOf(incident.head, suspect.functionName, from);
    for (const [name, call, ask, responder] of questions(suspect.functionName, arn, from))
      yield await answer<Awaited<ReturnType<typeof ask>>>({
        path: `function/${name}.json`,
        call: `lambda:${call}`,
        // All mappings of the region are listed, and those of the function and its aliases kept.
        request: name === 'event-sources' ? {} : { FunctionName: suspect.functionName },
        ask,
        ours: responder && oursIn(incident, `contain.${responder}`),
      });
  },
};
