/** Who calls: read from the claims that the gateway has verified. */
export interface Caller {
  readonly sub: string;
  readonly administrator: boolean;
}

const groupsOf = (claim: unknown): readonly string[] =>
  typeof claim === 'string' ? claim.split(/[\s,[\]]+/).filter((group) => group !== '') : [];

/** The Cognito authorizer hands over `claims`; our own hands over the same names directly. `null`: nobody is signed in. */
export const callerOf = (authorizer: Readonly<Record<string, unknown>>): Caller | null => {
  const { claims = authorizer } = authorizer;
  if (typeof claims !== 'object' || claims === null) return null;
  const { sub, 'cognito:groups': groups }: { readonly sub?: unknown; readonly 'cognito:groups'?: unknown } = claims;
  return typeof sub === 'string' && sub !== '' ? { sub, administrator: groupsOf(groups).includes('administrators') } : null;
};
