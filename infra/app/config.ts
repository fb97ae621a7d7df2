import type * as z from 'zod';
import { choice, flag, number, section, text } from '../options.ts';

/**
 * What the people who deploy the protected application decide. The comment says why a default is
 * that one.
 */
export const appConfig = section({
  /**
   * Empty: the pages are served under CloudFront's own name. Else the one origin whose pages may
   * call the API.
   */
  origin: text(
    /^(https:\/\/[a-z0-9.-]+(:\d+)?)?$/,
    'an origin: https, a name, and no slash at the end',
  ).default(''),
  /**
   * 100 a second, 200 at once: ten times what some hundred people click, and far less than what
   * would cost.
   */
  throttle: section({
    rate: number(1, 10_000).default(100),
    burst: number(1, 5_000).default(200),
  }).prefault({}),
  /**
   * `own`: without a role API Gateway writes no log. A region has one for all its APIs, and this
   * one would replace it: say `existing` where there is one.
   */
  gatewayLogRole: choice('own', 'existing').default('own'),
  ai: section({
    /** OpenAI needs a key in its secret; Bedrock none. */
    provider: choice('openai', 'bedrock').default('openai'),
    model: text(/^[\w.:/-]{1,100}$/, 'the name of a model').default('gpt-5-mini'),
    /** 50,000 tokens: some twenty questions a day for each person. */
    dailyTokens: number(1, 100_000_000).default(50_000),
    /**
     * 1,000,000 tokens: twenty people who use up theirs. However many users there are, or are taken
     * over, a day costs no more.
     */
    dailyTokensOfAll: number(1, 10_000_000_000).default(1_000_000),
    /** 4,000: about a page, and what the model thinks before it writes, which counts. */
    maxOutputTokens: number(16, 100_000).default(4_000),
  }).prefault({}),
  /**
   * True: customers are as Salesforce has them, at most an hour ago. False where there is no
   * Salesforce.
   */
  salesforcePoll: flag.default(true),
  /** v66.0: the current version of Spring '26. */
  salesforceApi: text(/^v(6\d|[7-9]\d)\.0$/, 'a version of the REST API from v60.0').default(
    'v66.0',
  ),
});

export type AppConfig = z.output<typeof appConfig>;
