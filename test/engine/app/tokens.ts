// Tokens that were never given: signed with the pool's own keys, which the engine keeps in its
// folder, or with none that it knows.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeUser } from '../../../local/app/users.ts';
import { REGION } from '../../../local/engine/settings.ts';
import type { DeployedApp } from './deployed.ts';

type Claims = Readonly<Record<string, unknown>>;

const encoded = (value: unknown): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url');
const decoded = (part = ''): Claims => JSON.parse(Buffer.from(part, 'base64url').toString());

/** The claims of a token, unverified. */
export const claimsOf = (token: string): Claims => decoded(token.split('.')[1]);

const signed = (header: Claims, claims: Claims, key: KeyObject): string => {
  const input = `${encoded(header)}.${encoded(claims)}`;
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
};

interface PoolAt {
  readonly runDir: string;
  readonly poolId: string;
}

const poolKey = ({ runDir, poolId }: PoolAt): { readonly key: KeyObject; readonly kid: string } => {
  const key = createPrivateKey(
    readFileSync(join(runDir, `state/cognito-pool-keys/${poolId}-access.pem`)),
  );
  const der = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return { key, kid: createHash('sha256').update(der).digest('base64') };
};

/** An access token of somebody who never signed in, signed as the pool would have signed it. */
export const tokenOf = (
  { clientId, ...pool }: PoolAt & { readonly clientId: string },
  { sub, groups }: { readonly sub: string; readonly groups: string },
): string => {
  const { key, kid } = poolKey(pool);
  const claims = {
    sub,
    'cognito:groups': groups.split(','),
    iss: `https://cognito-idp.${REGION}.amazonaws.com/${pool.poolId}`,
    client_id: clientId,
    token_use: 'access',
    scope: 'aws.cognito.signin.user.admin',
    iat: seconds(),
    exp: seconds() + 900,
  };
  return signed({ alg: 'RS256', kid }, claims, key);
};

/** The claims of a real token with some changed, signed as the pool would have signed them. */
export const signedByPool = (pool: PoolAt, token: string, changed: Claims): string => {
  const { key, kid } = poolKey(pool);
  return signed({ alg: 'RS256', kid }, { ...claimsOf(token), ...changed }, key);
};

/** The same, by the pool of the application. */
export const asThePoolWould = (app: DeployedApp, token: string, changed: Claims): string =>
  signedByPool({ runDir: app.engine.runDir, poolId: app.output('UserPoolId') }, token, changed);

const seconds = (): number => Math.floor(Date.now() / 1_000);
const { privateKey: stranger } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** What an attacker can make of a real token, by what is wrong with it. */
export const forgeries = (app: DeployedApp, token: string): Readonly<Record<string, string>> => {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const powerful = { ...claimsOf(token), 'cognito:groups': ['administrators'] };
  const pool = app.output('UserPoolId');
  return {
    expired: asThePoolWould(app, token, { iat: seconds() - 7_200, exp: seconds() - 3_600 }),
    'of another issuer': asThePoolWould(app, token, {
      iss: `https://cognito-idp.us-east-1.amazonaws.com/${pool}x`,
    }),
    'without a signature (alg none)': `${encoded({ ...decoded(header), alg: 'none' })}.${encoded(powerful)}.`,
    'signed with a key of ours (HS256)': `${encoded({ ...decoded(header), alg: 'HS256' })}.${encoded(powerful)}.${signature}`,
    'signed by a stranger who uses the pool’s key id': signed(decoded(header), powerful, stranger),
    'signed by a stranger with a key id of their own': signed(
      { alg: 'RS256', kid: 'mine' },
      powerful,
      stranger,
    ),
    'with a changed claim': `${header}.${encoded(powerful)}.${signature}`,
    'with its signature cut off': `${header}.${payload}`,
    'that is none': 'not-a-token',
  };
};

/** An id token of a new user, as their browser has it beside the access token. */
export const idToken = async (app: DeployedApp, email: string): Promise<string> =>
  (await makeUser(app.place, email, 'administrator')).idToken;
