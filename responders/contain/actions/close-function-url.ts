import {
  type FunctionUrlConfig,
  paginateListFunctionUrlConfigs,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda';
import { functionsOf } from '../../incident/suspect.ts';
import { callsTo, type FunctionCall, functionOptions } from '../../shared/function-place.ts';
import type { Grant } from '../../shared/grant.ts';
import type { Responder } from '../responder.ts';

/** `NONE`: anyone may call the URL. `AWS_IAM`: only callers with AWS credentials that allow it. */
type UrlAuth = 'NONE' | 'AWS_IAM';

type FunctionUrl = { readonly qualifier: string | null };

/** The alias in `function:<name>:<alias>`; null for the URL of the function itself. */
const qualifierOf = ({ FunctionArn = '' }: FunctionUrlConfig): string | null =>
  FunctionArn.split(':')[7] ?? null;

const urlsWith = async (
  AuthType: UrlAuth,
  { lambda, FunctionName }: FunctionCall,
): Promise<FunctionUrl[]> => {
  const urls = [];
  for await (const page of paginateListFunctionUrlConfigs({ client: lambda }, { FunctionName }))
    for (const url of page.FunctionUrlConfigs ?? [])
      if (url.AuthType === AuthType) urls.push({ qualifier: qualifierOf(url) });
  return urls;
};

const setAuth = (
  AuthType: UrlAuth,
  { qualifier }: FunctionUrl,
  { lambda, FunctionName }: FunctionCall,
) =>
  lambda.send(
    new UpdateFunctionUrlConfigCommand({
      FunctionName,
      AuthType,
      ...(qualifier && { Qualifier: qualifier }),
    }),
  );

/** Containment may only set `AWS_IAM`, which closes a URL; a release only `NONE`. */
const setAuthGrant = (AuthType: UrlAuth): Grant => ({
  on: 'lambda:function:*',
  may: ['UpdateFunctionUrlConfig'],
  when: { StringEquals: { 'lambda:FunctionUrlAuthType': AuthType } },
});

export const closeFunctionUrl: Responder<{ readonly open: readonly FunctionUrl[] }> = {
  id: 'contain.close-function-url',
  title: 'Close the function’s public URL',
  headline: 'its public URL is closed',
  stops: 'Calls to the function’s URL by anybody without AWS credentials that allow it.',
  leavesOpen:
    'Calls through API Gateway, load balancers and other triggers. ' +
    'The URL itself is kept, so that it can be opened again.',
  leavesOpenWith: { responders: ['contain.pause-function'], leavesOpen: '' },
  calls: {
    contain: [
      { on: 'lambda:function:*', may: ['ListFunctionUrlConfigs'] },
      setAuthGrant('AWS_IAM'),
    ],
    release: [{ on: 'lambda:function:*', may: ['ListFunctionUrlConfigs'] }, setAuthGrant('NONE')],
  },

  targets: functionsOf,

  byHand: (target) =>
    `aws lambda update-function-url-config ${functionOptions(target)} --auth-type AWS_IAM`,

  before: async (target, aws) => ({ open: await urlsWith('NONE', callsTo(target, aws)) }),

  apply: async (target, aws) => {
    const to = callsTo(target, aws);
    for (const url of await urlsWith('NONE', to)) await setAuth('AWS_IAM', url, to);
  },

  holds: async (target, aws) => (await urlsWith('NONE', callsTo(target, aws))).length === 0,

  undo: async (target, before, aws) => {
    const to = callsTo(target, aws);
    const closed = new Set((await urlsWith('AWS_IAM', to)).map(({ qualifier }) => qualifier));
    for (const url of before.open) if (closed.has(url.qualifier)) await setAuth('NONE', url, to);
  },
};
