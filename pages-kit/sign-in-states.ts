import type { Answers, PageState, ScriptedAnswer, Step } from './states.ts';

/** The first half of a proof of the password (SRP). Whatever the browser answers is taken. */
const proving: ScriptedAnswer = {
  body: {
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeParameters: {
      ...{ SALT: 'a1b2c3d4e5f60718', SECRET_BLOCK: 'c2VjcmV0', SRP_B: 'b7'.repeat(384) },
      ...{ USERNAME: 'grace', USER_ID_FOR_SRP: 'grace' },
    },
  },
};

const challenge = (name: string, parameters: object = {}): Answers => ({
  'SIGN-IN InitiateAuth': proving,
  'SIGN-IN RespondToAuthChallenge': {
    body: {
      ...{ ChallengeName: name, ChallengeParameters: parameters, Session: 's'.repeat(40) },
    },
  },
});

const refused: Answers = {
  'SIGN-IN InitiateAuth': {
    status: 400,
    body: { __type: 'NotAuthorizedException', message: 'Incorrect username or password.' },
  },
};

const newPassword = challenge('NEW_PASSWORD_REQUIRED', {
  ...{ USER_ID_FOR_SRP: 'grace', userAttributes: '{}', requiredAttributes: '[]' },
});

const setUp: Answers = {
  ...challenge('MFA_SETUP', { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' }),
  'SIGN-IN AssociateSoftwareToken': {
    body: { SecretCode: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', Session: 's'.repeat(40) },
  },
};

/** A token as a browser reads it; nobody checks its signature here. */
const tokenOf = (claims: object): string =>
  [{ alg: 'none' }, claims, {}]
    .map((part) => btoa(JSON.stringify(part)).replaceAll(/=+$/g, ''))
    .map((part) => part.replaceAll('+', '-').replaceAll('/', '_'))
    .join('.');

/** A sign-in that succeeds, with password and code: the person is who looks at the page. */
export const signedInAs = (username: string, groups: readonly string[]): Answers => {
  const claims = { sub: username, username, iat: 1, exp: 4_102_444_800 };
  const tokens = {
    AccessToken: tokenOf({ ...claims, 'cognito:groups': groups }),
    IdToken: tokenOf({ ...claims, email: `${username}@example.com` }),
  };
  return {
    'SIGN-IN InitiateAuth': proving,
    'SIGN-IN RespondToAuthChallenge': {
      ...challenge('SOFTWARE_TOKEN_MFA')['SIGN-IN RespondToAuthChallenge'],
      next: { body: { AuthenticationResult: { ...tokens, RefreshToken: 'r', ExpiresIn: 600 } } },
    },
  };
};

/** The steps of a sign-in, which both sites share; `label` is that of the name. */
export const signInStates = (
  label: 'E-mail address' | 'User name',
): readonly PageState<never>[] => {
  const steps: readonly Step[] = [
    { type: [label, 'grace@example.com'] },
    { type: ['Password', 'Correct-horse-7-battery'] },
    { press: 'Sign in' },
  ];
  return [
    { shown: 'sign-in', path: '/sign-in' },
    { shown: 'left-here', path: '/sign-in?left=here' },
    { shown: 'sign-in-refused', path: '/sign-in', steps, answers: refused },
    {
      ...{ shown: 'sign-in-code', path: '/sign-in', steps },
      answers: challenge('SOFTWARE_TOKEN_MFA'),
    },
    { shown: 'sign-in-new-password', path: '/sign-in', steps, answers: newPassword },
    { shown: 'sign-in-set-up', path: '/sign-in', steps, answers: setUp },
  ];
};
