import type { TimedSuspect } from '../incident/suspect.ts';
import { parseRoleArn } from '../shared/names.ts';
import type { Call } from './call.ts';
import { isPlatforms } from './platform.ts';
import type { Whose } from './timeline.ts';

/** A session or a user that the incident is about. */
export interface WantedSuspect {
  /** The ARN of the session or the user. */
  readonly session: string;
  /** The role of the session; null for a user. */
  readonly role: string | null;
  /** Where the function is. */
  readonly region: string;
}

/**
 * Whose calls are looked for. Everything is compared whole: no pattern, so that a longer name or
 * another account stays out.
 */
export interface WantedCallers {
  /** An attack sequence names several. */
  readonly suspects: readonly WantedSuspect[];
  readonly account: string;
  /** Sessions and users that it led to, by ARN, and access keys by id. */
  readonly principals: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
  /** ARNs of Cordon's own roles, as the deployment made them. */
  readonly own: ReadonlySet<string>;
}

/** The name of a session or a user: a function's session is named after the function. */
export const callerName = (suspect: TimedSuspect): string => {
  if (suspect.kind === 'user') return suspect.userName;
  return suspect.kind === 'session' ? suspect.sessionName : suspect.functionName;
};

/** A user's ARN has its path, a session's only the names of its role and its own. */
export const callerArn = (partition: string, account: string, suspect: TimedSuspect): string =>
  suspect.kind === 'user'
    ? (suspect.arn ?? `arn:${partition}:iam::${account}:user/${suspect.userName}`)
    : `arn:${partition}:sts::${account}:assumed-role/${suspect.roleName}/${callerName(suspect)}`;

/**
 * A role's name is unique in an account whatever its path, so issuer account and name say which
 * role it is.
 */
const isOf = (
  { caller }: Call,
  { session, role }: WantedSuspect,
  { account }: WantedCallers,
): boolean => {
  const issuer = parseRoleArn(caller.issuerArn);
  return (
    caller.arn === session &&
    caller.account === account &&
    (role === null
      ? caller.type === 'IAMUser'
      : caller.issuerType === 'Role' && issuer?.account === account && issuer.name === role)
  );
};

/** `undefined`: somebody else's. An empty key or ARN never matches. */
export const whoseIs = (call: Call, wanted: WantedCallers): Whose | undefined => {
  const { arn, key, issuerArn } = call.caller;
  const suspect = wanted.suspects.find((known) => isOf(call, known, wanted));
  if (suspect)
    return isPlatforms(call, { ...suspect, account: wanted.account }) ? 'platform' : 'suspect';
  if ((arn !== '' && wanted.principals.has(arn)) || (key !== '' && wanted.keys.has(key)))
    return 'followed';
  return issuerArn !== '' && wanted.own.has(issuerArn) ? 'cordon' : undefined;
};

/** The ARNs of everybody whom the incident is about. */
export const sessionsIn = ({ suspects }: WantedCallers): readonly string[] =>
  suspects.map(({ session }) => session);
