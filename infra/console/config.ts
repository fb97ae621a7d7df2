import type * as z from 'zod';
import { choice, flag, number, section, text } from '../options.ts';

/** What the people who deploy the incident console decide. */
export const consoleConfig = section({
  /**
   * True: at three in the morning a page on a phone is nearer than a command. Leave it out where
   * only the command shall decide.
   */
  deploy: flag.default(true),
  /**
   * Empty: the pages are served under CloudFront's own name, which only the deployed stack knows,
   * and mails and reports name commands alone. Else the one origin whose pages may call the API,
   * and to whose pages mails and reports link.
   */
  origin: text(
    /^(https:\/\/[a-z0-9.-]+(:\d+)?)?$/,
    'an origin: https, a name, and no slash at the end',
  ).default(''),
  /** 20 a second, 40 at once: a page asks every three seconds, and a team has some ten people. */
  throttle: section({
    rate: number(1, 10_000).default(20),
    burst: number(1, 5_000).default(40),
  }).prefault({}),
  /**
   * `own`: without a role API Gateway writes no log. A region has one for all its APIs: say
   * `existing` where there is one that must stay.
   */
  gatewayLogRole: choice('own', 'existing').default('own'),
});

export type ConsoleConfig = z.output<typeof consoleConfig>;
