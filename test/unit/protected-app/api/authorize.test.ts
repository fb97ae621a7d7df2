import { expect, it } from 'vitest';
import { authorize } from '../../../../protected-app/api/authorize.ts';

const methodArn = 'arn:aws:execute-api:us-east-1:111122223333:api/v1/DELETE/products/1';
class TokenError extends Error {}

const authorizer = (
  claims: () => { readonly sub: string; readonly 'cognito:groups'?: readonly string[] },
) => {
  const asked: string[] = [];
  const ask = authorize({
    verify: async (token) => {
      asked.push(token);
      return claims();
    },
    isAboutToken: (error) => error instanceof TokenError,
  });
  return {
    asked,
    ask: (authorizationToken?: string) =>
      ask({ methodArn, ...(authorizationToken !== undefined && { authorizationToken }) }),
  };
};

const effectOf = async (groups?: readonly string[]) => {
  const { ask } = authorizer(() => ({ sub: 's', ...(groups && { 'cognito:groups': groups }) }));
  return (await ask('token')).policyDocument.Statement[0].Effect;
};

it('administrators pass, and nobody else who is signed in', async () => {
  expect(await effectOf(['administrators'])).toBe('Allow');
  expect(await effectOf(['standard-users', 'administrators'])).toBe('Allow');
  expect(await effectOf(['standard-users'])).toBe('Deny');
  expect(await effectOf(['not-administrators'])).toBe('Deny');
  expect(await effectOf()).toBe('Deny');
});

it('allows the one method that was asked for, and tells the access log who calls', async () => {
  const { ask } = authorizer(() => ({
    sub: 's',
    'cognito:groups': ['standard-users', 'administrators'],
  }));
  expect(await ask('Bearer token')).toEqual({
    principalId: 's',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: methodArn }],
    },
    context: { sub: 's' },
  });
});

it('judges the token without the word before it', async () => {
  const { ask, asked } = authorizer(() => ({ sub: 's' }));
  await ask('Bearer one');
  await ask('bearer  two');
  await ask('three');
  await ask();
  expect(asked).toEqual(['one', 'two', 'three', '']);
});

it('what is wrong with the token is a 401, and what is wrong with us is not', async () => {
  const failing = (error: Error) =>
    authorizer(() => {
      throw error;
    }).ask('token');
  await expect(failing(new TokenError('expired at …'))).rejects.toThrow(/^Unauthorized$/);
  await expect(failing(new Error('the keys cannot be fetched'))).rejects.toThrow(
    'the keys cannot be fetched',
  );
});
