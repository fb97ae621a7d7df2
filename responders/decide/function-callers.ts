import { GetPolicyCommand, paginateListFunctionUrlConfigs } from '@aws-sdk/client-lambda';
import { mappingsOf } from '../shared/event-sources.ts';
import { callsTo, type FunctionCall, placeText } from '../shared/function-place.ts';
import { invokersIn, resourceOf, routesIn } from '../shared/function-policy.ts';
import type { SuspectCallers } from './suspect-kind.ts';

/** The incident is one item of a table, and whoever may change the function can add callers. */
const [most, longest] = [100, 200];

const feedNames: Readonly<Record<string, string>> = {
  sqs: 'queue',
  kinesis: 'stream',
  dynamodb: 'stream',
};

/** `queue orders`, `stream table/orders/stream/2026`. */
const feedOf = (arn: string): string =>
  `${feedNames[arn.split(':')[2] ?? ''] ?? 'event source'} ${resourceOf(arn)}`;

const feedsOf = async (to: FunctionCall): Promise<readonly string[]> =>
  (await mappingsOf(to))
    .filter(({ State }) => State !== 'Disabled')
    .map(({ EventSourceArn = '' }) => feedOf(EventSourceArn));

const urlsOf = async ({ lambda, FunctionName }: FunctionCall): Promise<readonly string[]> => {
  const urls = [];
  for await (const page of paginateListFunctionUrlConfigs({ client: lambda }, { FunctionName }))
    for (const { AuthType } of page.FunctionUrlConfigs ?? [])
      urls.push(AuthType === 'NONE' ? 'its public URL' : 'its URL for signed calls');
  return urls;
};

/** Who may call it; nobody where it has no resource policy. */
const invokersOf = async ({ lambda, FunctionName }: FunctionCall): Promise<readonly string[]> => {
  try {
    const { Policy = '' } = await lambda.send(new GetPolicyCommand({ FunctionName }));
    return [...routesIn(Policy), ...invokersIn(Policy)];
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return [];
    throw error;
  }
};

/** What calls or feeds a function: its routes, other invokers, URLs, queues and streams. */
export const functionCallers: SuspectCallers = {
  calls: [
    { on: 'lambda:function:*', may: ['GetPolicy', 'ListFunctionUrlConfigs'] },
    { on: 'lambda:*', may: ['ListEventSourceMappings'] },
  ],

  read: async (suspect, aws) => {
    if (suspect.kind !== 'function') return [];
    const to = callsTo(placeText(suspect), aws);
    const callers = await Promise.all([invokersOf(to), urlsOf(to), feedsOf(to)]);
    return [...new Set(callers.flat())].slice(0, most).map((name) => name.slice(0, longest));
  },
};
