import { describe, expect, it } from 'vitest';
import {
  callerReader,
  freshMs,
  requireFresh,
  requireGroup,
} from '../../../../console/api/caller.ts';
import { person, request } from '../../../support/console/people.ts';

const signIn = '11111111-2222-4333-8444-555555555555';
const claims = {
  username: 'anna',
  'cognito:groups': ['approvers'],
  auth_time: 1_796_000_000,
  origin_jti: signIn,
};
const aboutToken = new Error('expired');
const reader = (said: unknown) =>
  callerReader({
    verify: async () => {
      if (said instanceof Error) throw said;
      return said;
    },
    isAboutToken: (error) => error === aboutToken,
  });

describe('who sends a request', () => {
  it('is whom the token names, with the groups and the sign-in that it names', async () => {
    expect(await reader(claims)('Bearer x')).toEqual({
      name: 'anna',
      groups: ['approvers'],
      signedInAt: 1_796_000_000_000,
      signIn,
    });
  });

  it('is in no group where the token names none', async () => {
    const { 'cognito:groups': _none, ...lone } = claims;
    expect((await reader(lone)('x')).groups).toEqual([]);
  });

  it.each([
    ['without a name', { username: undefined }],
    ['without a time of sign-in', { auth_time: undefined }],
    ['without a sign-in', { origin_jti: undefined }],
    ['with a sign-in that would be a path', { origin_jti: '../../incidents/x' }],
  ])('is nobody: a token %s', async (_what, change) => {
    await expect(reader({ ...claims, ...change })('x')).rejects.toMatchObject({ status: 401 });
  });

  it.each(['a', 'Anna', 'an na', 'anna/root', 'ännä', 'a'.repeat(65)])(
    'cannot be called %j, which is no name of a session',
    async (username) => {
      await expect(reader({ ...claims, username })('x')).rejects.toMatchObject({ status: 403 });
    },
  );

  it('is asked to sign in only where the token is at fault', async () => {
    await expect(reader(aboutToken)('x')).rejects.toMatchObject({ status: 401 });
    await expect(reader(new Error('no keys'))('x')).rejects.toThrow('no keys');
  });
});

it('a group that is not admitted is refused, and told which ones are', () => {
  const anna = request({ caller: person('anna', 'readers') });
  expect(requireGroup(anna, ['readers', 'auditors']).name).toBe('anna');
  expect(() => requireGroup(anna, ['approvers'])).toThrow('members of approvers');
  expect(() => requireGroup(request({ caller: person('bob') }), ['readers'])).toThrow();
});

describe('a decision needs a sign-in', () => {
  const anna = person('anna', 'approvers');

  it.each([0, freshMs, -20_000])('that is %i ms old', (age) => {
    expect(() => requireFresh(anna, anna.signedInAt + age)).not.toThrow();
  });

  it.each([freshMs + 1, 3_600_000, -31_000])('and not one that is %i ms old', (age) => {
    expect(() => requireFresh(anna, anna.signedInAt + age)).toThrow('last two minutes');
  });
});
