import type { FunctionSuspect } from '../incident/suspect.ts';
import { parseRoleArn } from '../shared/names.ts';
import type { Call } from './call.ts';
import type { Whose } from './timeline.ts';

/**
 * Whose calls are looked for. Everything is compared whole: no pattern, so that a longer name or
 * another account stays out.
 */
export interface WantedCallers {
  /** The session of the finding's function. */
  readonly session: string;
  readonly role: string;
  readonly account: string;
  /** Sessions and users that it led to, by ARN, and access keys by id. */
  readonly principals: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
  /** ARNs of Cordon's own roles, as the deployment made them. */
  readonly own: ReadonlySet<string>;
}

/** A function's session: its role's name (without path) and its own. */
export const sessionArn = (
  partition: string,
  account: string,
  { roleName, functionName }: FunctionSuspect,
): string => `arn:${partition}:sts::${account}:assumed-role/${roleName}/${functionName}`;

/**
 * A role's name is unique in an account whatever its path, so issuer account and name say which
 * role it is.
 */
const isSuspect = ({ caller }: Call, { session, role, account }: WantedCallers): boolean => {
  const issuer = parseRoleArn(caller.issuerArn);
  return (
    caller.arn === session &&
    caller.account === account &&
    caller.issuerType === 'Role' &&
    issuer?.account === account &&
    issuer.name === role
  );
};

/** `undefined`: somebody else's. An empty key or ARN never matches. */
export const whoseIs = (call: Call, wanted: WantedCallers): Whose | undefined => {
  const { arn, key, issuerArn } = call.caller;
  if (isSuspect(call, wanted)) return 'suspect';
  if ((arn !== '' && wanted.principals.has(arn)) || (key !== '' && wanted.keys.has(key)))
    return 'followed';
  return issuerArn !== '' && wanted.own.has(issuerArn) ? 'cordon' : undefined;
};
