import { site } from '../site.ts';

/** What a person can do about an error of Cognito, by its name. */
const sentences: Readonly<Record<string, string>> = {
  CodeMismatchException:
    'This code is not the current one. Wait for the next code of your app and enter that.',
  EnableSoftwareTokenMFAException:
    'This code does not match the key. Scan the QR code again, and enter the code that follows.',
  ExpiredCodeException: 'This code has expired. Ask for a new one.',
  InvalidPasswordException:
    'Choose a password with at least 12 characters, among them small and capital letters, ' +
    'digits and symbols.',
  InvalidParameterException: 'This was not accepted. Check what you have typed.',
  LimitExceededException: 'Too many tries. Wait a quarter of an hour and try again.',
  TooManyRequestsException: 'Too many tries. Wait a minute and try again.',
  TooManyFailedAttemptsException: 'Too many wrong codes. Ask for a new one.',
  PasswordResetRequiredException: 'Your password has to be set anew: use “Forgot password”.',
  UserNotConfirmedException: 'This account is not confirmed. Ask an administrator.',
  NetworkError: 'The sign-in service cannot be reached. Check your connection and try again.',
};

const expired = /session/i;

/** The sentence for an error of a sign-in. */
export const signInSentence = (error: unknown): string => {
  if (!(error instanceof Error)) return 'The sign-in failed. Try again.';
  if (error.name === 'NotAuthorizedException' && expired.test(error.message))
    return 'This sign-in took too long. Begin again with your password.';
  if (error.name === 'NotAuthorizedException' && /attempts exceeded/i.test(error.message))
    return 'Too many wrong passwords. Wait a quarter of an hour and try again.';
  if (/already been used/i.test(error.message))
    return 'This code was used already. Wait for the next code of your app and enter that.';
  if (error.name === 'NotAuthorizedException' || error.name === 'UserNotFoundException')
    return `${site().signsInBy} and password do not match. Check both and try again.`;
  return sentences[error.name] ?? 'The sign-in failed. Try again.';
};

/** Whether the sign-in has to begin again with the password. */
export const isOver = (error: unknown): boolean =>
  error instanceof Error &&
  ((error.name === 'NotAuthorizedException' && expired.test(error.message)) ||
    error.name === 'SignInException');
