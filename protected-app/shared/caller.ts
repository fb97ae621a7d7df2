/** Who calls: read from the claims that the gateway has verified. */
export interface Caller {
  readonly sub: string;
  readonly administrator: boolean;
}

const groupsOf = (claim: unknown): readonly string[] =>
  typeof claim === 'string' ? claim.split(/[\s,[\]]+/).filter((group) => group !== '') : [];

/**
 * The Cognito authorizer hands over `claims`; our own a `sub` and `groups`. `null`: nobody is
 * signed in.
 */
export const callerOf = (authorizer: Readonly<Record<string, unknown>>): Caller | null => {
  const { claims = { sub: authorizer.sub, 'cognito:groups': authorizer.groups } } = authorizer;
  if (typeof claims !== 'object' || claims === null) return null;
  const {
    sub,
    'cognito:groups': groups,
  }: { readonly sub?: unknown; readonly 'cognito:groups'?: unknown } = claims;
  return typeof sub === 'string' && sub !== ''
    ? { sub, administrator: groupsOf(groups).includes('administrators') }
    : null;
};
