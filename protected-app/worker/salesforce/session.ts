import * as z from 'zod';
import { parseAllowedUrl } from '../../shared/outside.ts';
import type { ReadSecret } from '../../shared/secret.ts';
import { SalesforceError, shownCode } from './errors.ts';
import { exchange, type RetryBudget, type SalesforceReply } from './exchange.ts';
import { type SalesforceSecret, salesforceHosts } from './settings.ts';

/** A token, and the host that accepts it. */
export interface SalesforceSession {
  readonly token: string;
  readonly instance: URL;
}

export interface SignInDeps {
  readonly secret: ReadSecret<SalesforceSecret>;
  /** True only where the function itself runs on a local engine. */
  readonly loopback: boolean;
}

const grantedToken = z.object({
  access_token: z.string().min(1).max(10_000),
  instance_url: z.string().max(300),
  token_type: z.literal('Bearer'),
});
const refusedToken = z.object({ error: z.string() });

/**
 * Exchanges client credentials for a token. If they are refused, the secret is read again once,
 * because it may have been rotated.
 */
export const signIn = async (
  { secret, loopback }: SignInDeps,
  retryBudget: RetryBudget,
): Promise<SalesforceSession> => {
  const remembered = await secret();
  const firstReply = await requestToken(remembered, loopback, retryBudget);
  if (firstReply.status < 400) return sessionOf(firstReply, loopback);
  const fresh = await secret({ fresh: true });
  return sessionOf(
    fresh.clientSecret === remembered.clientSecret
      ? firstReply
      : await requestToken(fresh, loopback, retryBudget),
    loopback,
  );
};

const requestToken = (
  { loginUrl, clientId, clientSecret }: SalesforceSecret,
  loopback: boolean,
  retryBudget: RetryBudget,
): Promise<SalesforceReply> => {
  const host = parseAllowedUrl(loginUrl, { hosts: salesforceHosts, loopback });
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  };
  return exchange(
    {
      url: new URL('/services/oauth2/token', host),
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    },
    retryBudget,
  );
};

/** The host in the answer must be allowed too, because the token is sent there. */
const sessionOf = ({ status, body }: SalesforceReply, loopback: boolean): SalesforceSession => {
  const parsed = grantedToken.safeParse(body);
  if (status === 200 && parsed.success)
    return {
      token: parsed.data.access_token,
      instance: new URL(
        parseAllowedUrl(parsed.data.instance_url, { hosts: salesforceHosts, loopback }).origin,
      ),
    };
  const refusal = refusedToken.safeParse(body);
  throw new SalesforceError(
    refusal.success ? shownCode(refusal.data.error) : 'UNREADABLE',
    `Salesforce issued no token: HTTP ${status}; check the secret`,
  );
};
