import * as z from 'zod';
import { allowedUrl } from '../../shared/outside.ts';
import type { Secret } from '../../shared/secret.ts';
import { SalesforceError, shownCode } from './errors.ts';
import { exchange, type Patience, type Reply } from './exchange.ts';
import { type SalesforceSecret, salesforceHosts } from './settings.ts';

/** A token, and the host that it is for. */
export interface Session {
  readonly token: string;
  readonly instance: URL;
}

export interface SignIn {
  readonly secret: Secret<SalesforceSecret>;
  /** True only where the function itself runs on a local engine. */
  readonly loopback: boolean;
}

const granted = z.object({
  access_token: z.string().min(1).max(10_000),
  instance_url: z.string().max(300),
  token_type: z.literal('Bearer'),
});
const refused = z.object({ error: z.string() });

/**
 * Client credentials for a token. A refused secret is read again once: it may have been rotated a
 * moment ago.
 */
export const signIn = async (
  { secret, loopback }: SignIn,
  patience: Patience,
): Promise<Session> => {
  const known = await secret();
  const first = await ask(known, loopback, patience);
  if (first.status < 400) return sessionOf(first, loopback);
  const fresh = await secret({ fresh: true });
  return sessionOf(
    fresh.clientSecret === known.clientSecret ? first : await ask(fresh, loopback, patience),
    loopback,
  );
};

const ask = (
  { loginUrl, clientId, clientSecret }: SalesforceSecret,
  loopback: boolean,
  patience: Patience,
): Promise<Reply> => {
  const host = allowedUrl(loginUrl, { hosts: salesforceHosts, loopback });
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
    patience,
  );
};

/** The host that the answer names is judged like the one that we asked: the token is sent there. */
const sessionOf = ({ status, body }: Reply, loopback: boolean): Session => {
  const read = granted.safeParse(body);
  if (status === 200 && read.success)
    return {
      token: read.data.access_token,
      instance: new URL(
        allowedUrl(read.data.instance_url, { hosts: salesforceHosts, loopback }).origin,
      ),
    };
  const reason = refused.safeParse(body);
  throw new SalesforceError(
    reason.success ? shownCode(reason.data.error) : 'UNREADABLE',
    `Salesforce gives no token: HTTP ${status}`,
  );
};
