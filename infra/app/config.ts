import { choice, flag, number, section, text } from '../options.ts';

/**
 * What the people who deploy the protected application decide. The comment says why a default is
 * that one.
 */
export interface AppConfig {
  /**
   * Empty: the pages are served under CloudFront's own name. Else the one origin whose pages may
   * call the API.
   */
  readonly origin: string;
  /**
   * 100 a second, 200 at once: ten times what some hundred people click, and far less than what
   * would cost.
   */
  readonly throttle: { readonly rate: number; readonly burst: number };
  readonly ai: {
    /** OpenAI needs a key in its secret; Bedrock none. */
    readonly provider: 'openai' | 'bedrock';
    readonly model: string;
    /** 50,000 tokens: some twenty questions a day for each person. */
    readonly dailyTokens: number;
    /** 4,000: about a page, and what the model thinks before it writes, which counts. */
    readonly maxOutputTokens: number;
  };
  /**
   * True: customers are as Salesforce has them, at most an hour ago. False where there is no
   * Salesforce.
   */
  readonly salesforcePoll: boolean;
  /** v66.0: the current one of Spring '26. */
  readonly salesforceApi: string;
}

const throttle = section((one) => ({
  rate: one.optional('rate', number(1, 10_000), 100),
  burst: one.optional('burst', number(1, 5_000), 200),
}));

const ai = section<AppConfig['ai']>((one) => ({
  provider: one.optional('provider', choice('openai', 'bedrock'), 'openai'),
  model: one.optional('model', text(/^[\w.:/-]{1,100}$/, 'the name of a model'), 'gpt-5-mini'),
  dailyTokens: one.optional('dailyTokens', number(1, 100_000_000), 50_000),
  maxOutputTokens: one.optional('maxOutputTokens', number(16, 100_000), 4_000),
}));

export const appConfig = section<AppConfig>((one) => ({
  origin: one.optional(
    'origin',
    text(/^(https:\/\/[a-z0-9.-]+(:\d+)?)?$/, 'an origin: https, a name, and no slash at the end'),
    '',
  ),
  throttle: one.optional('throttle', throttle, throttle({}, 'throttle')),
  ai: one.optional('ai', ai, ai({}, 'ai')),
  salesforcePoll: one.optional('salesforcePoll', flag, true),
  salesforceApi: one.optional(
    'salesforceApi',
    text(/^v(6\d|[7-9]\d)\.0$/, 'a version of the REST API from v60.0'),
    'v66.0',
  ),
}));
