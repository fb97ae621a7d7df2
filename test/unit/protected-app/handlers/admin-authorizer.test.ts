import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuthorizerAnswer } from '../../../../protected-app/api/authorize.ts';

const pool = 'us-east-1_AbCdEfGhI';
const client = 'theclient';
const issuer = `https://cognito-idp.us-east-1.amazonaws.com/${pool}`;
const methodArn = 'arn:aws:execute-api:us-east-1:111122223333:api/v1/DELETE/products/1';

const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwks = JSON.stringify({
  keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid: 'own', alg: 'RS256', use: 'sig' }],
});

let asked: string[] = [];
let keys = { status: 200, body: jwks };
const server = createServer((request, response) => {
  asked.push(String(request.url));
  response.writeHead(keys.status, { 'Content-Type': 'application/json' }).end(keys.body);
});

let authorize: (event: {
  authorizationToken?: string;
  methodArn: string;
}) => Promise<AuthorizerAnswer>;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${address.port}`,
    APP_USER_POOL_ID: pool,
    APP_USER_POOL_CLIENT_ID: client,
  });
  ({ handler: authorize } = await import('../../../../protected-app/handlers/admin-authorizer.ts'));
});
afterAll(() => {
  server.close();
});

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const seconds = () => Math.floor(Date.now() / 1_000);

const good = () => ({
  sub: '33333333-3333-4333-8333-333333333333',
  iss: issuer,
  client_id: client,
  token_use: 'access',
  scope: 'aws.cognito.signin.user.admin',
  'cognito:groups': ['administrators'],
  iat: seconds() - 10,
  exp: seconds() + 3_600,
});

interface Made {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: KeyObject;
}

const token = ({ claims = {}, header = {}, key = own.privateKey }: Made = {}): string => {
  const text = `${part({ alg: 'RS256', kid: 'own', ...header })}.${part({ ...good(), ...claims })}`;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`;
};

const answer = (authorizationToken: string) => authorize({ authorizationToken, methodArn });
const effect = async (authorizationToken: string) =>
  (await answer(authorizationToken)).policyDocument.Statement[0].Effect;

it.each([
  { status: 503, body: jwks },
  { status: 200, body: '{}' },
  { status: 200, body: '{"keys":[{}]}' },
])(
  'keys that cannot be had are our trouble, and no reason to say that the token is wrong',
  async (trouble) => {
    const good = keys;
    keys = trouble;
    const refused = answer(token()).catch(String);
    await expect(refused).resolves.toMatch(/Error/);
    await expect(refused).resolves.not.toMatch(/Unauthorized/);
    keys = good;
  },
);

it('an administrator passes, with and without the word before the token', async () => {
  expect(await effect(token())).toBe('Allow');
  expect(await effect(`Bearer ${token()}`)).toBe('Allow');
  expect((await answer(token())).context).toEqual({ sub: good().sub, groups: 'administrators' });
});

it('somebody who is signed in and no administrator is denied: a 403', async () => {
  expect(await effect(token({ claims: { 'cognito:groups': ['standard-users'] } }))).toBe('Deny');
  expect(await effect(token({ claims: { 'cognito:groups': undefined } }))).toBe('Deny');
});

const changed = (): string => {
  const [header, , signature] = token({ claims: { 'cognito:groups': ['standard-users'] } }).split(
    '.',
  );
  return `${header}.${part(good())}.${signature}`;
};

/**
 * Signed with the public key as if it were a shared secret: a library that believes the header
 * accepts it.
 */
const confused = (): string => {
  const text = `${part({ alg: 'HS256', kid: 'own' })}.${part(good())}`;
  const secret = own.publicKey.export({ type: 'spki', format: 'pem' });
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
};

const forged: Readonly<Record<string, () => string>> = {
  'no token': () => '',
  'no token after the word': () => 'Bearer ',
  'not a token': () => 'Bearer abc.def.ghi',
  'alg none, without a signature': () => `${part({ alg: 'none', kid: 'own' })}.${part(good())}.`,
  'alg none, with a signature': () => token({ header: { alg: 'none' } }),
  'the public key as a secret': confused,
  'the key of a stranger under our key’s name': () => token({ key: stranger.privateKey }),
  'a key that is not ours': () => token({ header: { kid: 'other' }, key: stranger.privateKey }),
  'a key that the token brings along': () =>
    token({
      header: { jwk: stranger.publicKey.export({ format: 'jwk' }) },
      key: stranger.privateKey,
    }),
  'a key from an address in the token': () =>
    token({ header: { jku: 'https://evil.example/jwks.json' }, key: stranger.privateKey }),
  'a claim changed after signing': changed,
  'no signature': () => token().split('.').slice(0, 2).join('.'),
  expired: () => token({ claims: { exp: seconds() - 1 } }),
  'not valid yet': () => token({ claims: { nbf: seconds() + 600 } }),
  'of another issuer': () => token({ claims: { iss: issuer.replace('AbC', 'XyZ') } }),
  'of an issuer that only looks like ours': () =>
    token({ claims: { iss: `${issuer}.evil.example` } }),
  'an id token': () => token({ claims: { token_use: 'id', aud: client, client_id: undefined } }),
  'of another client': () => token({ claims: { client_id: 'another' } }),
  'of no client': () => token({ claims: { client_id: undefined } }),
};

it.each(Object.keys(forged))('a token is a 401: %s', async (name) => {
  await expect(answer(String(forged[name]?.()))).rejects.toThrow(/^Unauthorized$/);
});

it('the keys are fetched from our pool only, and not again for every token', async () => {
  expect(new Set(asked)).toEqual(new Set([`/${pool}/.well-known/jwks.json`]));
  asked = [];
  for (let times = 0; times < 20; times += 1) await answer(token());
  expect(asked).toEqual([]);
});
