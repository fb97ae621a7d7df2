// Access tokens of a user pool whose keys a server of this process publishes, and what an attacker
// can make of one.
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

const pool = 'us-east-1_AbCdEfGhI';
const client = 'theclient';
const issuer = `https://cognito-idp.us-east-1.amazonaws.com/${pool}`;

const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** The keys as the pool publishes them. */
export const publishedKeys = JSON.stringify({
  keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid: 'own', alg: 'RS256', use: 'sig' }],
});

export const keysPath = `/${pool}/.well-known/jwks.json`;

/** Plays the engine: serves the keys, and sets the variables that a handler reads. */
export const startUserPool = async () => {
  const served = { asked: [] as string[], answer: { status: 200, body: publishedKeys } };
  const server = createServer((request, response) => {
    served.asked.push(String(request.url));
    response
      .writeHead(served.answer.status, { 'Content-Type': 'application/json' })
      .end(served.answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${address.port}`,
    APP_USER_POOL_ID: pool,
    APP_USER_POOL_CLIENT_ID: client,
  });
  return { served, stop: () => void server.close() };
};

const part = (content: unknown) => Buffer.from(JSON.stringify(content)).toString('base64url');
const seconds = () => Math.floor(Date.now() / 1_000);

export const administratorClaims = () => ({
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

/** A token of an administrator, but for what is given. */
export const tokenWith = ({ claims = {}, header = {}, key = own.privateKey }: Made = {}) => {
  const given = { ...administratorClaims(), ...claims };
  const text = `${part({ alg: 'RS256', kid: 'own', ...header })}.${part(given)}`;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`;
};

const changed = (): string => {
  const standard = tokenWith({ claims: { 'cognito:groups': ['standard-users'] } });
  const [header, , signature] = standard.split('.');
  return `${header}.${part(administratorClaims())}.${signature}`;
};

/**
 * Signed with the public key as if it were a shared secret: a library that believes the header
 * accepts it.
 */
const confused = (): string => {
  const text = `${part({ alg: 'HS256', kid: 'own' })}.${part(administratorClaims())}`;
  const secret = own.publicKey.export({ type: 'spki', format: 'pem' });
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
};

export const forgedTokens: Readonly<Record<string, () => string>> = {
  'no token': () => '',
  'no token after the word': () => 'Bearer ',
  'not a token': () => 'Bearer abc.def.ghi',
  'alg none, without a signature': () =>
    `${part({ alg: 'none', kid: 'own' })}.${part(administratorClaims())}.`,
  'alg none, with a signature': () => tokenWith({ header: { alg: 'none' } }),
  'the public key as a secret': confused,
  'the key of a stranger under our key’s name': () => tokenWith({ key: stranger.privateKey }),
  'a key that is not ours': () => tokenWith({ header: { kid: 'other' }, key: stranger.privateKey }),
  'a key that the token brings along': () =>
    tokenWith({
      header: { jwk: stranger.publicKey.export({ format: 'jwk' }) },
      key: stranger.privateKey,
    }),
  'a key from an address in the token': () =>
    tokenWith({ header: { jku: 'https://evil.example/jwks.json' }, key: stranger.privateKey }),
  'a claim changed after signing': changed,
  'no signature': () => tokenWith().split('.').slice(0, 2).join('.'),
  expired: () => tokenWith({ claims: { exp: seconds() - 1 } }),
  'not valid yet': () => tokenWith({ claims: { nbf: seconds() + 600 } }),
  'of another issuer': () => tokenWith({ claims: { iss: issuer.replace('AbC', 'XyZ') } }),
  'of an issuer that only looks like ours': () =>
    tokenWith({ claims: { iss: `${issuer}.evil.example` } }),
  'an id token': () =>
    tokenWith({ claims: { token_use: 'id', aud: client, client_id: undefined } }),
  'of another client': () => tokenWith({ claims: { client_id: 'another' } }),
  'of no client': () => tokenWith({ claims: { client_id: undefined } }),
};
