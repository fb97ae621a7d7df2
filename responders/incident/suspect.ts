/**
 * Whether anything but the function uses its role; `unknown` where it could not be read in time.
 */
export const sharings = ['sole', 'shared', 'unknown'] as const;
export type Sharing = (typeof sharings)[number];

/** A Lambda function, with the role that it runs with. */
export interface FunctionSuspect {
  readonly kind: 'function';
  readonly functionName: string;
  readonly roleName: string;
  readonly sharing: Sharing;
}

/** A session of a role that is not one of a Lambda function. */
export interface SessionSuspect {
  readonly kind: 'session';
  readonly roleName: string;
  readonly sessionName: string;
}

export interface UserSuspect {
  readonly kind: 'user';
  readonly userName: string;
}

/** One access key of a user. */
export interface AccessKeySuspect {
  readonly kind: 'access-key';
  readonly userName: string;
  readonly keyId: string;
}

/**
 * Who the finding is about, once the account has confirmed it. Only functions are confirmed today;
 * docs/adding.md says what another kind takes.
 */
export type Suspect = FunctionSuspect | SessionSuspect | UserSuspect | AccessKeySuspect;

export const suspectKinds = [
  'function',
  'session',
  'user',
  'access-key',
] as const satisfies readonly Suspect['kind'][];

/** Its parts in words, the closest to the attacker first: `function orders`, `role orders-role`. */
export const suspectParts = (suspect: Suspect | FunctionRecord): readonly string[] => {
  if (!('kind' in suspect)) return suspectParts({ kind: 'function', ...suspect });
  switch (suspect.kind) {
    case 'function':
      return [`function ${suspect.functionName}`, `role ${suspect.roleName}`];
    case 'session':
      return [`session ${suspect.sessionName}`, `role ${suspect.roleName}`];
    case 'user':
      return [`user ${suspect.userName}`];
    case 'access-key':
      return [`access key ${suspect.keyId}`, `user ${suspect.userName}`];
  }
};

/** Its names alone, in the same order. */
export const suspectNames = (suspect: Suspect): readonly string[] => {
  switch (suspect.kind) {
    case 'function':
      return [suspect.functionName, suspect.roleName];
    case 'session':
      return [suspect.sessionName, suspect.roleName];
    case 'user':
      return [suspect.userName];
    case 'access-key':
      return [suspect.keyId, suspect.userName];
  }
};

/** A function as `cordon show --json` has it: without a kind, because there was no other. */
export type FunctionRecord = Omit<FunctionSuspect, 'kind'>;

/** Nothing for another kind, which that format does not know yet. */
export const functionRecord = (suspect: Suspect | null): FunctionRecord | null => {
  if (suspect?.kind !== 'function') return null;
  const { kind: _kind, ...record } = suspect;
  return record;
};

/** As evidence and reports write it: a function without a kind, any other with it. */
export const suspectRecord = (
  suspect: Suspect | null,
): FunctionRecord | Exclude<Suspect, FunctionSuspect> | null =>
  suspect?.kind === 'function' ? functionRecord(suspect) : suspect;
