import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuthorizerAnswer } from '../../../../protected-app/api/authorize.ts';
import {
  administratorClaims,
  forgedTokens,
  keysPath,
  publishedKeys,
  startUserPool,
  tokenWith,
} from '../../../support/protected-app/tokens.ts';

const methodArn = 'arn:aws:execute-api:us-east-1:111122223333:api/v1/DELETE/products/1';

let authorize: (event: {
  authorizationToken?: string;
  methodArn: string;
}) => Promise<AuthorizerAnswer>;
let pool: Awaited<ReturnType<typeof startUserPool>>;

beforeAll(async () => {
  pool = await startUserPool();
  ({ handler: authorize } = await import('../../../../protected-app/handlers/admin-authorizer.ts'));
});
afterAll(() => pool.stop());

const answer = (authorizationToken: string) => authorize({ authorizationToken, methodArn });
const effect = async (authorizationToken: string) =>
  (await answer(authorizationToken)).policyDocument.Statement[0].Effect;

it.each([
  { status: 503, body: publishedKeys },
  { status: 200, body: '{}' },
  { status: 200, body: '{"keys":[{}]}' },
])(
  'keys that cannot be had are our trouble, and no reason to say that the token is wrong',
  async (trouble) => {
    const { served } = pool;
    const good = served.answer;
    served.answer = trouble;
    const refused = answer(tokenWith()).catch(String);
    await expect(refused).resolves.toMatch(/Error/);
    await expect(refused).resolves.not.toMatch(/Unauthorized/);
    served.answer = good;
  },
);

it('an administrator passes, with and without the word before the token', async () => {
  expect(await effect(tokenWith())).toBe('Allow');
  expect(await effect(`Bearer ${tokenWith()}`)).toBe('Allow');
  expect((await answer(tokenWith())).context).toEqual({ sub: administratorClaims().sub });
});

it('somebody who is signed in and no administrator is denied: a 403', async () => {
  expect(await effect(tokenWith({ claims: { 'cognito:groups': ['standard-users'] } }))).toBe(
    'Deny',
  );
  expect(await effect(tokenWith({ claims: { 'cognito:groups': undefined } }))).toBe('Deny');
});

it.each(Object.keys(forgedTokens))('a token is a 401: %s', async (name) => {
  await expect(answer(String(forgedTokens[name]?.()))).rejects.toThrow(/^Unauthorized$/);
});

it('the keys are fetched from our pool only, and not again for every token', async () => {
  const { served } = pool;
  expect(new Set(served.asked)).toEqual(new Set([keysPath]));
  served.asked.length = 0;
  for (let times = 0; times < 20; times += 1) await answer(tokenWith());
  expect(served.asked).toEqual([]);
});
