import {
  confirmResetPassword,
  confirmSignIn,
  resetPassword,
  type SignInOutput,
  signIn,
  signOut,
} from '@aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from '@aws-amplify/auth/cognito';
import { Amplify, ConsoleLogger, fetchAuthSession } from '@aws-amplify/core';
import type { SiteConfig } from '../config.ts';
import { site } from '../site.ts';
import { type Claims, type KeptToken, type Person, personOf, usableUntil } from './person.ts';
import { tabStorage } from './tab-storage.ts';

/** What Cognito wants next. */
export type SignInStep =
  | { readonly kind: 'password' }
  | { readonly kind: 'code' }
  | { readonly kind: 'new-password' }
  | { readonly kind: 'set-up'; readonly key: string; readonly address: string }
  | { readonly kind: 'forgotten' }
  | { readonly kind: 'done' };

export interface SessionTokens {
  readonly person: Person;
  readonly token: KeptToken;
}

export const configure = ({ userPoolId, userPoolClientId, cognito }: SiteConfig): void => {
  ConsoleLogger.LOG_LEVEL = 'ERROR';
  const Auth = {
    Cognito: {
      userPoolId,
      userPoolClientId,
      ...(cognito !== undefined && {
        userPoolEndpoint: new URL(cognito, location.origin).href,
      }),
    },
  };
  cognitoUserPoolsTokenProvider.setAuthConfig(Auth);
  cognitoUserPoolsTokenProvider.setKeyValueStorage(tabStorage);
  Amplify.configure({ Auth }, { Auth: { tokenProvider: cognitoUserPoolsTokenProvider } });
};

const stepOf = ({ nextStep }: SignInOutput, name: string): SignInStep => {
  switch (nextStep.signInStep) {
    case 'DONE':
      return { kind: 'done' };
    case 'CONFIRM_SIGN_IN_WITH_TOTP_CODE':
      return { kind: 'code' };
    case 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED':
      return { kind: 'new-password' };
    case 'CONTINUE_SIGN_IN_WITH_TOTP_SETUP': {
      const { sharedSecret, getSetupUri } = nextStep.totpSetupDetails;
      return { kind: 'set-up', key: sharedSecret, address: getSetupUri(site().name, name).href };
    }
    case 'RESET_PASSWORD':
      return { kind: 'forgotten' };
    default:
      throw new Error(`this page cannot continue a sign-in with ${nextStep.signInStep}`);
  }
};

/** Begins to sign in; the password is proven (SRP) and does not leave the browser. */
export const begin = async (name: string, password: string): Promise<SignInStep> => {
  await forgetTokens();
  return stepOf(await signIn({ username: name, password }), name);
};

/** Answers what Cognito has asked for: a code, or a new password. */
export const answer = async (name: string, challengeResponse: string): Promise<SignInStep> =>
  stepOf(await confirmSignIn({ challengeResponse }), name);

export const sendResetCode = async (name: string): Promise<void> => {
  await resetPassword({ username: name });
};

export const choosePassword = (
  name: string,
  confirmationCode: string,
  newPassword: string,
): Promise<void> => confirmResetPassword({ username: name, confirmationCode, newPassword });

/** The tokens of this tab, renewed if need be; nothing if the person has to sign in again. */
export const renew = async (forceRefresh: boolean): Promise<SessionTokens | null> => {
  const { tokens } = await fetchAuthSession({ forceRefresh });
  if (tokens === undefined) return null;
  const access: Claims = tokens.accessToken.payload;
  const identity: Claims = tokens.idToken?.payload ?? {};
  const text = tokens.accessToken.toString();
  return {
    person: personOf(access, identity),
    token: { text, until: usableUntil(access, Date.now()) },
  };
};

/** Amplify hides that Cognito refused or did not answer, so this asks Cognito itself. */
const endEverySession = async (): Promise<void> => {
  const { tokens } = await fetchAuthSession();
  const { userPoolId = '', userPoolEndpoint } = Amplify.getConfig().Auth?.Cognito ?? {};
  const [region] = userPoolId.split('_');
  const answer = await fetch(userPoolEndpoint ?? `https://cognito-idp.${region}.amazonaws.com/`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSCognitoIdentityProviderService.GlobalSignOut',
    },
    body: JSON.stringify({ AccessToken: tokens?.accessToken.toString() ?? '' }),
  });
  if (!answer.ok) throw new Error(`GlobalSignOut was answered with ${answer.status}`);
};

/** Signs out here, or on every device: then no refresh token of the person works any more. */
export const leave = async (everywhere: boolean): Promise<void> => {
  try {
    if (everywhere) await endEverySession();
  } finally {
    await signOut();
  }
};

const forgetTokens = async (): Promise<void> => {
  await cognitoUserPoolsTokenProvider.authTokenStore.clearTokens();
};
