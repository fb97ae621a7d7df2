import type { TimedSuspect } from '../incident/suspect.ts';
import { parseRoleArn } from '../shared/names.ts';
import type { Call } from './call.ts';
import { isPlatforms } from './platform.ts';
import type { Whose } from './timeline.ts';

/**
 * Whose calls are looked for. Everything is compared whole: no pattern, so that a longer name or
 * another account stays out.
 */
export interface WantedCallers {
  /** The session or the user that the finding is about, by ARN. */
  readonly session: string;
  /** The role of the session; null for a user. */
  readonly role: string | null;
  readonly account: string;
  /** Where the function is. */
  readonly region: string;
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
const isSuspect = ({ caller }: Call, { session, role, account }: WantedCallers): boolean => {
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
  if (isSuspect(call, wanted)) return isPlatforms(call, wanted) ? 'platform' : 'suspect';
  if ((arn !== '' && wanted.principals.has(arn)) || (key !== '' && wanted.keys.has(key)))
    return 'followed';
  return issuerArn !== '' && wanted.own.has(issuerArn) ? 'cordon' : undefined;
};
