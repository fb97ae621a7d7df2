/** Who signed a decision, as STS says it. */
export interface Person {
  readonly arn: string;
  /** `AIDA…` of a user, `AROA…:<session>` of a session, the account of its root user. */
  readonly userId: string;
}

const session = /^arn:[\w-]+:sts::(\d{12}):assumed-role\/([^/]+)\/(\S+)$/;

/** The name of the role of a session; `undefined` for any other principal. */
export const roleOf = (arn: string): string | undefined => session.exec(arn)?.[2];

const userOf = (arn: string): string | undefined => /:user\/(?:\S*\/)?([^/]+)$/.exec(arn)?.[1];

/** A federated session does not say whose key made it, so it may be any user’s. */
export const isFederated = (arn: string): boolean => arn.includes(':federated-user/');

/** Identity Center names sessions after its users, and nobody else makes roles below its path. */
const ofIdentityCenter = ':role/aws-reserved/sso.amazonaws.com/';

/** Whether a configured principal has signed; a session does not say the path of its role. */
const isPrincipal = (principal: string, { arn }: Person): boolean => {
  const [, account = '', roleName = ''] = session.exec(arn) ?? [];
  return (
    principal === arn ||
    (roleName !== '' &&
      principal.includes(`:iam::${account}:role/`) &&
      principal.endsWith(`/${roleName}`))
  );
};

/** Who names a session, where whoever takes the role does not. */
export interface NamedSessions {
  /** The configured principals that may approve. */
  readonly approvers: readonly string[];
  /** The roles that the console takes in the name of its users. */
  readonly consoleRoles: readonly string[];
}

/** The name of a session of one of these roles; `undefined` for everybody else. */
const namedIn = (person: Person, roles: readonly string[]): string | undefined =>
  roles.some((role) => isPrincipal(role, person)) ? session.exec(person.arn)?.[3] : undefined;

/**
 * The name of a person who did not choose it. IAM, Identity Center and the console call a person
 * alike, so that one who uses two of them is known again.
 */
export const personName = (
  person: Person,
  { approvers, consoleRoles }: NamedSessions,
): string | undefined => {
  const naming = approvers.filter((principal) => principal.includes(ofIdentityCenter));
  const name = userOf(person.arn) ?? namedIn(person, [...consoleRoles, ...naming]);
  return name?.toLowerCase();
};

/**
 * Whether a person may approve with their own identity. Where nobody is named, as in a local run,
 * everybody is: the key of answers has been used by somebody who may.
 */
export const isApprover = (person: Person, { approvers, consoleRoles }: NamedSessions): boolean =>
  approvers.length === 0 ||
  [...approvers, ...consoleRoles].some((principal) => isPrincipal(principal, person));

/**
 * What two signatures of one person have in common. Who takes a role chooses the name of the
 * session, so that two sessions of one role are one person; Identity Center and the console choose
 * for their users. A federated session does not say which user has made it.
 */
export const personId = (person: Person, named: NamedSessions): string => {
  const { arn, userId } = person;
  if (isFederated(arn)) return 'a federated user';
  if (roleOf(arn) === undefined) return userId;
  const name = personName(person, named);
  return name === undefined ? (userId.split(':')[0] ?? userId) : `the user ${name}`;
};
