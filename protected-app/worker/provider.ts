import { type ClientOptions, OpenAI } from 'openai';
import { type AwsCredentialsProvider, bedrock } from 'openai/providers/bedrock/aws';
import { type AllowedHosts, parseAllowedUrl } from '../shared/outside.ts';
import type { ReadSecret } from '../shared/secret.ts';
import type { OpenAiSecret } from './ai-settings.ts';
import { type ModelProvider, requestLimits } from './model.ts';

export { prepareModel as readyModel } from './model.ts';

/** Settings that the SDK would otherwise read from the environment, or write to the log. */
const clientDefaults: ClientOptions = {
  ...requestLimits,
  organization: null,
  project: null,
  logLevel: 'off',
  fetchOptions: { redirect: 'error' },
};

/** OpenAI, with the key in the secret. A new key makes a new client. */
export const openAiProvider = (
  secret: ReadSecret<OpenAiSecret>,
  { loopback }: Pick<AllowedHosts, 'loopback'>,
): ModelProvider => {
  let cached:
    | { readonly apiKey: string; readonly address: string; readonly client: OpenAI }
    | undefined;
  return async (options) => {
    const { apiKey, baseUrl = 'https://api.openai.com/v1' } = await secret(options);
    const address = parseAllowedUrl(baseUrl, { hosts: /^api\.openai\.com$/, loopback }).href;
    if (cached?.apiKey !== apiKey || cached.address !== address)
      cached = {
        apiKey,
        address,
        client: new OpenAI({ ...clientDefaults, apiKey, baseURL: address }),
      };
    return cached.client;
  };
};

interface BedrockOptions {
  readonly credentials: AwsCredentialsProvider;
  /** By default the region of the function. */
  readonly region?: string;
  /** By default AWS's own endpoint for the region. */
  readonly baseURL?: string | null;
}

/** Bedrock, with the role of the function; it needs no key. */
export const bedrockProvider = ({
  credentials,
  region,
  baseURL = null,
}: BedrockOptions): ModelProvider => {
  const client = new OpenAI({
    ...clientDefaults,
    provider: bedrock({
      endpoint: 'mantle',
      baseURL,
      credentialProvider: credentials,
      ...(region !== undefined && { region }),
    }),
  });
  return async () => client;
};
