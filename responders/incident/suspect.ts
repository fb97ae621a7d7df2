import { placeOf, placeText } from '../shared/function-place.ts';

/**
 * Whether anything but the function uses its role; `unknown` where it could not be read in time.
 */
export const sharings = ['sole', 'shared', 'unknown'] as const;
export type Sharing = (typeof sharings)[number];

/**
 * The id of a role or user that the account has confirmed: whoever is made again under the same
 * name has another. Missing in what an older Cordon wrote.
 */
type IdentityId = string;

/** A Lambda function, with the role that it runs with. */
export interface FunctionSuspect {
  readonly kind: 'function';
  readonly functionName: string;
  /** The region of the function, where that is not the region of the deployment. */
  readonly region?: string;
  readonly roleName: string;
  readonly roleId?: IdentityId;
  readonly sharing: Sharing;
  /** The function was deleted, so only its role is left to contain. Missing while it exists. */
  readonly gone?: true;
  /**
   * Functions that were given the role since the activity began: they are contained as well. Named
   * as targets name them.
   */
  readonly added?: readonly string[];
  /** Missing where there are none, and until it is known who uses the role. */
  readonly copies?: readonly Copy[];
}

/**
 * A function of the same name and role in another region. Its sessions have the same name, so they
 * are denied with those of the suspect.
 */
export interface Copy {
  /** As targets name it. */
  readonly place: string;
  /** Why it may still start; missing where it is contained like the suspect. */
  readonly left?: string;
}

/** A session of a role that is not one of a Lambda function. */
export interface SessionSuspect {
  readonly kind: 'session';
  readonly roleName: string;
  readonly roleId?: IdentityId;
  readonly sessionName: string;
}

/** A role as a whole, with every session of it. */
export interface RoleSuspect {
  readonly kind: 'role';
  readonly roleName: string;
  readonly roleId?: IdentityId;
}

export interface UserSuspect {
  readonly kind: 'user';
  readonly userName: string;
  readonly userId?: IdentityId;
  /** As CloudTrail names it; missing until the account has confirmed the user. */
  readonly arn?: string;
}

/** One access key of a user. */
export interface AccessKeySuspect {
  readonly kind: 'access-key';
  readonly userName: string;
  readonly keyId: string;
}

/**
 * Who the finding is about, once the account has confirmed it. docs/adding.md says what another
 * kind takes.
 */
export type Suspect =
  | FunctionSuspect
  | SessionSuspect
  | RoleSuspect
  | UserSuspect
  | AccessKeySuspect;

/** Everybody whom an incident is about; nobody where nothing was confirmed. */
export const suspectsOf = ({
  suspect,
  suspects = [],
}: {
  readonly suspect: Suspect | null;
  readonly suspects?: readonly Suspect[] | undefined;
}): readonly Suspect[] => (suspect ? [suspect, ...suspects] : []);

/** The region of a function; of anything else, which IAM keeps for all regions, that of Cordon. */
export const regionOf = (suspect: Suspect | null, own: string): string =>
  (suspect?.kind === 'function' && suspect.region) || own;

/** The functions that are paused and closed for this suspect; a deleted one is none of them. */
export const functionsOf = (suspect: Suspect): readonly string[] => {
  if (suspect.kind !== 'function') return [];
  const { gone, added = [] } = suspect;
  return [...(gone ? [] : [placeText(suspect)]), ...copiesOf(suspect).contained, ...added];
};

/** Copies of a function by what becomes of them. */
export const copiesOf = ({ copies = [] }: Pick<FunctionSuspect, 'copies'>) => ({
  contained: copies.flatMap(({ place, left }) => (left === undefined ? [place] : [])),
  left: copies.flatMap(({ place, left }) => (left === undefined ? [] : [{ place, left }])),
});

/** The functions that may hold sessions of the suspect’s name, as targets name them. */
export const sessionHolders = (suspect: FunctionSuspect): readonly string[] => [
  placeText(suspect),
  ...(suspect.copies ?? []).map(({ place }) => place),
];

/** The users that are denied for this suspect. */
export const usersOf = (suspect: Suspect): readonly string[] =>
  suspect.kind === 'user' ? [suspect.userName] : [];

/** The names of their sessions: a session is named after its function, whatever the region. */
export const sessionNames = ({ functionName, added = [] }: FunctionSuspect): readonly string[] => [
  ...new Set([functionName, ...added.map((place) => placeOf(place).functionName)]),
];

export const suspectKinds = [
  'function',
  'session',
  'role',
  'user',
  'access-key',
] as const satisfies readonly Suspect['kind'][];

/** Its parts in words, the closest to the attacker first: `function orders`, `role orders-role`. */
export const suspectParts = (suspect: Suspect | FunctionRecord): readonly string[] => {
  if (!('kind' in suspect)) return suspectParts({ kind: 'function', ...suspect });
  switch (suspect.kind) {
    case 'function':
      return [
        `function ${suspect.functionName}${suspect.region ? ` in ${suspect.region}` : ''}`,
        `role ${suspect.roleName}`,
      ];
    case 'session':
      return [`session ${suspect.sessionName}`, `role ${suspect.roleName}`];
    case 'role':
      return [`role ${suspect.roleName}`];
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
    case 'role':
      return [suspect.roleName];
    case 'user':
      return [suspect.userName];
    case 'access-key':
      return [suspect.keyId, suspect.userName];
  }
};

/** Whose calls CloudTrail names exactly: a pod’s role has sessions of any name. */
export type TimedSuspect = FunctionSuspect | SessionSuspect | UserSuspect;

export const isTimed = (suspect: Suspect | null): suspect is TimedSuspect =>
  suspect !== null && ['function', 'session', 'user'].includes(suspect.kind);

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
