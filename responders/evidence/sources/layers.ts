import {
  GetFunctionCommand,
  GetLayerVersionCommand,
  GetLayerVersionPolicyCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import type { Collecting, Collector, CollectorOutput } from '../collector.ts';
import { json } from '../store.ts';
import { answer, reasonOf } from './parts/answer.ts';
import { isGap, noFunction, readingFunctions, versionsOf } from './parts/suspect.ts';
import { listingOf } from './parts/zip-listing.ts';

const layerArn = /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:layer:[A-Za-z0-9_-]{1,140}:\d{1,10}$/;

const layersOf = async (
  FunctionName: string,
  Qualifier: string,
  { lambda, signal }: Collecting,
): Promise<readonly string[]> => {
  const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName, Qualifier }), {
    abortSignal: signal,
  });
  return (Configuration?.Layers ?? []).flatMap(({ Arn }) =>
    Arn && layerArn.test(Arn) ? [Arn] : [],
  );
};

/** By ARN, because a layer of another account has no other name. */
const requestOf = (arn: string) => {
  const [, LayerName = '', version = ''] = /^(.*):(\d+)$/.exec(arn) ?? [];
  return { LayerName, VersionNumber: Number(version) };
};

const describe = (lambda: LambdaClient, arn: string, abortSignal: AbortSignal) =>
  lambda.send(new GetLayerVersionCommand(requestOf(arn)), { abortSignal });

const layer = async function* (arn: string, folder: string, from: Collecting): CollectorOutput {
  const layerVersion = await describe(from.lambda, arn, from.signal);
  const { Content: { Location, ...content } = {}, $metadata, ...rest } = layerVersion;
  const requestId = $metadata.requestId ?? null;
  const source = 'lambda:GetLayerVersion';
  yield {
    path: `${folder}description.json`,
    type: 'application/json',
    source,
    requestId,
    body: json({ ...rest, Content: content }),
  };
  const request = requestOf(arn);
  yield await answer({
    path: `${folder}policy.json`,
    call: 'lambda:GetLayerVersionPolicy',
    request,
    ask: () =>
      from.lambda.send(new GetLayerVersionPolicyCommand(request), { abortSignal: from.signal }),
  });
  if (!Location) return yield { what: `content of layer ${arn}`, why: 'AWS gives no link to it' };
  const path = `${folder}content.zip`;
  const open = async () => {
    const { Content } = await describe(from.lambda, arn, from.signal);
    return from.follow(Content?.Location ?? '', from.signal);
  };
  yield {
    path,
    type: 'application/zip',
    source: `${source}, Content.Location`,
    requestId,
    sha256: content.CodeSha256 ?? '',
    open,
  };
  yield* listingOf(path, from);
};

export const layers: Collector = {
  id: 'collect.layers',
  title: 'The layers of every version collected, with content and who may use them',
  when: 'at once',
  about: ['function'],
  calls: [
    readingFunctions('GetFunction', 'ListAliases'),
    { on: 'lambda:${anyLayer}', may: ['GetLayerVersion', 'GetLayerVersionPolicy'] },
  ],
  async *collect(incident, from) {
    const { suspect } = incident.head;
    if (suspect?.kind !== 'function') return yield noFunction;
    const numbers = new Map<string, number>();
    for (const version of await versionsOf(incident, suspect.functionName, from))
      if (isGap(version)) yield version;
      else
        try {
          for (const arn of await layersOf(suspect.functionName, version.version, from))
            numbers.set(arn, numbers.get(arn) ?? numbers.size + 1);
        } catch (error) {
          yield { what: `layers of ${version.version}`, why: reasonOf(error) };
        }
    for (const [arn, number] of numbers)
      try {
        yield* layer(arn, `layers/${number}/`, from);
      } catch (error) {
        yield { what: `layer ${arn}`, why: reasonOf(error) };
      }
  },
};
