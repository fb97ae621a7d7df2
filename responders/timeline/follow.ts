import { type Call, plainName, textAt } from './call.ts';
import type { CallReference, Principal } from './timeline.ts';

/** A principal that appears in the answer to one call. */
export type FollowedPrincipal = Omit<Principal, 'events'>;

export const momentOf = (call: Call): CallReference => ({
  at: call.at,
  id: call.id,
  action: `${call.service}:${call.name}`,
  actor: call.caller.arn,
  outcome: call.error || 'allowed',
});

const named = (kind: Principal['kind'], who: string, call: Call): FollowedPrincipal[] =>
  who === '' ? [] : [{ kind, who, by: momentOf(call) }];

/** A role that was assumed: the session, and the key that was handed out for it. */
const assumed = (call: Call): FollowedPrincipal[] => [
  ...named('role session', textAt(call.answer, 'assumedRoleUser.arn'), call),
  ...named('access key', textAt(call.answer, 'credentials.accessKeyId'), call),
];

const userArn = (call: Call): string => {
  const [, partition = 'aws'] = call.caller.arn.split(':');
  const name = textAt(call.parameters, 'userName');
  return name === '' ? '' : `arn:${partition}:iam::${call.account}:user/${name}`;
};

const made: Readonly<Record<string, (call: Call) => FollowedPrincipal[]>> = {
  CreateUser: (call) => named('user', textAt(call.answer, 'user.arn') || userArn(call), call),
  CreateAccessKey: (call) =>
    named('access key', textAt(call.answer, 'accessKey.accessKeyId'), call),
  CreateLoginProfile: (call) => named('user', userArn(call), call),
  GetSessionToken: (call) =>
    named('access key', textAt(call.answer, 'credentials.accessKeyId'), call),
  GetFederationToken: (call) => [
    ...named('role session', textAt(call.answer, 'federatedUser.arn'), call),
    ...named('access key', textAt(call.answer, 'credentials.accessKeyId'), call),
  ],
};

const hops: ReadonlySet<string> = new Set([
  'AssumeRole',
  'AssumeRoleWithWebIdentity',
  'AssumeRoleWithSAML',
]);

const allowedHere = (call: Call, service: string): boolean =>
  call.error === '' && call.service === service;

/**
 * The principals that a call led to. A hop into another role counts only with `intoRoles`; users
 * and keys that were made always count.
 */
export const ledTo = (
  call: Call,
  { intoRoles }: { readonly intoRoles: boolean },
): readonly FollowedPrincipal[] => {
  const name = plainName(call);
  if (hops.has(name)) return intoRoles && allowedHere(call, 'sts') ? assumed(call) : [];
  const find = made[name];
  return find && (allowedHere(call, 'iam') || allowedHere(call, 'sts')) ? find(call) : [];
};
