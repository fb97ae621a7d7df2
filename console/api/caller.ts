import type { ConsoleGroup } from '../../operator/console-users.ts';
import type { ApiRequest } from '../../protected-app/shared/api-request.ts';
import { HttpProblem, noAccessToken } from '../../protected-app/shared/problem.ts';
import { at, listAt, numberAt, textAt } from '../../responders/shared/json.ts';

/** What the people of the console may do; one person can be in several groups. */
export const groups: Readonly<Record<ConsoleGroup, string>> = {
  readers: 'May see incidents, timelines and reports',
  responders: 'May read evidence and release what is contained',
  approvers: 'May answer whether a workload is contained',
  auditors: 'May read evidence, and who has read and decided what',
};
export type Group = ConsoleGroup;

/** The person who sent a request, as their access token says. */
export interface ConsoleCaller {
  /** The name in the console and in CloudTrail. */
  readonly name: string;
  readonly groups: readonly string[];
  /** When the person entered password and code; a refresh does not change it. */
  readonly signedInAt: number;
  /** The id of this sign-in, which all its tokens have. */
  readonly signIn: string;
}

export type ConsoleRequest = ApiRequest<ConsoleCaller>;

interface PoolVerification {
  /** The claims of an access token of the console's pool and client; throws for all others. */
  readonly verify: (token: string) => Promise<unknown>;
  /** Whether an error of `verify` is about the token. */
  readonly isAboutToken: (error: unknown) => boolean;
}

/** What AWS takes as the name of a session and as its source identity. */
const personName = /^[a-z0-9][\w+=,.@-]{1,63}$/;
const signInId = /^[0-9a-f-]{36}$/;

const notSignedIn = (): HttpProblem => new HttpProblem(401, noAccessToken);

/**
 * Reads the caller from the token itself, whatever the gateway says about it: who reaches the
 * function around the gateway can forge every field of the event except a signature.
 */
export const callerReader =
  ({ verify, isAboutToken }: PoolVerification) =>
  async (authorization = ''): Promise<ConsoleCaller> => {
    const claims = await verify(authorization.replace(/^bearer\s+/i, '')).catch(
      (error: unknown) => {
        throw isAboutToken(error) ? notSignedIn() : error;
      },
    );
    const [name, signIn] = [textAt(claims, 'username'), textAt(claims, 'origin_jti')];
    const signedInAt = numberAt(claims, 'auth_time');
    if (name === null || signedInAt === null || signIn === null || !signInId.test(signIn))
      throw notSignedIn();
    if (!personName.test(name))
      throw new HttpProblem(
        403,
        'Your user name is not valid as an AWS session name. ' +
          'Ask an administrator for another user name.',
      );
    const named =
      at(claims, 'cognito:groups') === undefined ? [] : listAt(claims, 'cognito:groups');
    return { name, groups: named.map(String), signedInAt: signedInAt * 1_000, signIn };
  };

/** Throws a 403 unless the person is in one of the groups. */
export const requireGroup = (
  { caller }: ConsoleRequest,
  admitted: readonly Group[],
): ConsoleCaller => {
  if (admitted.some((group) => caller.groups.includes(group))) return caller;
  const names = admitted.length === 1 ? admitted[0] : `one of ${admitted.join(', ')}`;
  throw new HttpProblem(
    403,
    `This is for members of ${names}. Ask an administrator of the console.`,
  );
};

/** How old a sign-in may be that decides. */
export const freshMs = 2 * 60_000;
/** How far the clock of Cognito may be ahead. */
const toleranceMs = 30_000;

/** Throws a 403 unless the person has entered password and code just now. */
export const requireFresh = ({ signedInAt }: ConsoleCaller, now: number): void => {
  const age = now - signedInAt;
  if (age > freshMs || age < -toleranceMs)
    throw new HttpProblem(
      403,
      'A decision needs a sign-in of the last two minutes. Sign in again with your code, then ' +
        'decide.',
    );
};
