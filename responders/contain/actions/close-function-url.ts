import {
  type FunctionUrlConfig,
  paginateListFunctionUrlConfigs,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda';
import type { Aws } from '../../shared/aws.ts';
import type { Grant } from '../../shared/grant.ts';
import type { Responder } from '../responder.ts';

type Url = { readonly qualifier: string | null };

/** The last part of `function:<name>:<alias>`; the unqualified URL has none. */
const qualifierOf = ({ FunctionArn = '' }: FunctionUrlConfig): string | null =>
  FunctionArn.split(':')[7] ?? null;

const urls = async (
  name: string,
  AuthType: 'NONE' | 'AWS_IAM',
  { lambda }: Aws,
): Promise<Url[]> => {
  const found = [];
  for await (const page of paginateListFunctionUrlConfigs(
    { client: lambda },
    { FunctionName: name },
  ))
    for (const url of page.FunctionUrlConfigs ?? [])
      if (url.AuthType === AuthType) found.push({ qualifier: qualifierOf(url) });
  return found;
};

const setAuth = (name: string, { qualifier }: Url, AuthType: 'NONE' | 'AWS_IAM', { lambda }: Aws) =>
  lambda.send(
    new UpdateFunctionUrlConfigCommand({
      FunctionName: name,
      AuthType,
      ...(qualifier && { Qualifier: qualifier }),
    }),
  );

/** What contains may close and never open; what releases may open again. */
const setting = (AuthType: 'NONE' | 'AWS_IAM'): Grant => ({
  on: 'lambda:function:*',
  may: ['UpdateFunctionUrlConfig'],
  when: { StringEquals: { 'lambda:FunctionUrlAuthType': AuthType } },
});

export const closeFunctionUrl: Responder<{ readonly open: readonly Url[] }> = {
  id: 'contain.close-function-url',
  title: 'Close the function’s public URL',
  headline: 'its public URL is closed',
  stops: 'Calls to the function’s URL by anybody without AWS credentials that allow it.',
  leavesOpen:
    'Calls through API Gateway, load balancers and other triggers. The URL itself is kept, so that it can be opened again.',
  calls: {
    contain: [{ on: 'lambda:function:*', may: ['ListFunctionUrlConfigs'] }, setting('AWS_IAM')],
    release: [{ on: 'lambda:function:*', may: ['ListFunctionUrlConfigs'] }, setting('NONE')],
  },

  targets: (suspect) => (suspect.kind === 'function' ? [suspect.functionName] : []),

  before: async (name, aws) => ({ open: await urls(name, 'NONE', aws) }),

  apply: async (name, aws) => {
    for (const url of await urls(name, 'NONE', aws)) await setAuth(name, url, 'AWS_IAM', aws);
  },

  holds: async (name, aws) => (await urls(name, 'NONE', aws)).length === 0,

  undo: async (name, before, aws) => {
    const closed = new Set((await urls(name, 'AWS_IAM', aws)).map(({ qualifier }) => qualifier));
    for (const url of before.open)
      if (closed.has(url.qualifier)) await setAuth(name, url, 'NONE', aws);
  },
};
