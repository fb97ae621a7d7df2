import { type ClientOptions, OpenAI } from 'openai';
import { type AwsCredentialsProvider, bedrock } from 'openai/providers/bedrock/aws';
import { allowedUrl, type Outside } from '../shared/outside.ts';
import type { Secret } from '../shared/secret.ts';
import type { OpenAiSecret } from './ai-settings.ts';
import { type Provider, patience } from './model.ts';

export { readyModel } from './model.ts';

/** Everything that the SDK would otherwise read from the environment or write to the log. */
const strict: ClientOptions = {
  ...patience,
  organization: null,
  project: null,
  logLevel: 'off',
  fetchOptions: { redirect: 'error' },
};

/** OpenAI, with the key of the secret; another key makes another client. */
export const openAi = (
  secret: Secret<OpenAiSecret>,
  { loopback }: Pick<Outside, 'loopback'>,
): Provider => {
  let kept:
    | { readonly apiKey: string; readonly address: string; readonly client: OpenAI }
    | undefined;
  return async (options) => {
    const { apiKey, baseUrl = 'https://api.openai.com/v1' } = await secret(options);
    const address = allowedUrl(baseUrl, { hosts: /^api\.openai\.com$/, loopback }).href;
    if (kept?.apiKey !== apiKey || kept.address !== address)
      kept = { apiKey, address, client: new OpenAI({ ...strict, apiKey, baseURL: address }) };
    return kept.client;
  };
};

interface OnBedrock {
  readonly credentials: AwsCredentialsProvider;
  /** Otherwise the region that the function runs in. */
  readonly region?: string;
  /** Otherwise AWS's own for the region. */
  readonly baseURL?: string | null;
}

/** Bedrock, with the function's own role: there is no key. */
export const onBedrock = ({ credentials, region, baseURL = null }: OnBedrock): Provider => {
  const client = new OpenAI({
    ...strict,
    provider: bedrock({
      endpoint: 'mantle',
      baseURL,
      credentialProvider: credentials,
      ...(region !== undefined && { region }),
    }),
  });
  return async () => client;
};
