/** The caller, from the claims that the gateway has verified. */
export interface ApiCaller {
  readonly sub: string;
  readonly isAdministrator: boolean;
}

const groupsOf = (claim: unknown): readonly string[] =>
  typeof claim === 'string' ? claim.split(/[\s,[\]]+/).filter((group) => group !== '') : [];

/**
 * The Cognito authorizer passes `claims`; the application's own passes `sub` and `groups`. `null`:
 * not signed in.
 */
export const callerOf = (authorizer: Readonly<Record<string, unknown>>): ApiCaller | null => {
  const { claims = { sub: authorizer.sub, 'cognito:groups': authorizer.groups } } = authorizer;
  if (typeof claims !== 'object' || claims === null) return null;
  const {
    sub,
    'cognito:groups': groups,
  }: { readonly sub?: unknown; readonly 'cognito:groups'?: unknown } = claims;
  return typeof sub === 'string' && sub !== ''
    ? { sub, isAdministrator: groupsOf(groups).includes('administrators') }
    : null;
};
