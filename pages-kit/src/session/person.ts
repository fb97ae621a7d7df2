/** The person who is signed in, as the tokens name them. Only what is shown depends on it. */
export interface Person {
  readonly id: string;
  /** What the person signs in with. */
  readonly name: string;
  readonly email: string;
  readonly groups: readonly string[];
}

/** An access token and until when this browser uses it. */
export interface KeptToken {
  readonly text: string;
  readonly until: number;
}

/** What a token says about itself. */
export interface Claims {
  readonly iat?: unknown;
  readonly exp?: unknown;
  readonly sub?: unknown;
  readonly username?: unknown;
  readonly email?: unknown;
  readonly 'cognito:groups'?: unknown;
}

/**
 * Until when a token may be used. Its life counts from now, by the clock of this machine, because
 * that clock may differ from the clock of the one that made the token.
 */
export const usableUntil = ({ iat, exp }: Claims, now: number): number => {
  const seconds = typeof iat === 'number' && typeof exp === 'number' ? exp - iat : 0;
  return now + Math.max(0, seconds - 60) * 1_000;
};

export const personOf = (access: Claims, identity: Claims): Person => {
  const groups = access['cognito:groups'];
  const text = (claim: unknown): string => (typeof claim === 'string' ? claim : '');
  return {
    id: text(access.sub),
    name: text(access.username),
    email: text(identity.email),
    groups: Array.isArray(groups) ? groups.filter((group) => typeof group === 'string') : [],
  };
};

/** Reads what this tab has kept; nothing if it is not of the expected form. */
export const sessionIn = (text: string | null): { person: Person; token: KeptToken } | null => {
  try {
    const { person, token } = JSON.parse(text ?? 'null') ?? {};
    const isComplete =
      typeof person?.id === 'string' &&
      typeof person.name === 'string' &&
      typeof person.email === 'string' &&
      Array.isArray(person.groups) &&
      typeof token?.text === 'string' &&
      typeof token.until === 'number';
    return isComplete ? { person, token } : null;
  } catch {
    return null;
  }
};
