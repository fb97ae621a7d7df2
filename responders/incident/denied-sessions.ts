import { isDeepStrictEqual } from 'node:util';
import { listAt, textAt } from '../shared/json.ts';
import { type Suspect, sessionNames } from './suspect.ts';

/** The sessions of a role that a release keeps denied. */
export interface DeniedSessions {
  /** Null for those of any name. */
  readonly sessionName: string | null;
  /** Sessions that AWS issued before this time, epoch ms. */
  readonly before: number;
}

/** What a release did about the sessions that were issued before it. */
export interface EarlierSessions {
  /** False when a person decided to let them live. */
  readonly denied: boolean;
  /** When the last of them has expired. */
  readonly until: number;
}

/**
 * How long a session of a function may live. AWS documents twelve hours as the longest session of a
 * role; the maximum that a role sets does not limit sessions that services make.
 */
const longestSessionMs = 12 * 3_600_000;

export const expiryOf = (issuedBefore: number): number => issuedBefore + longestSessionMs;

/** The inline policy of the role, one for each session name. */
export const denialName = (sessionName: string | null): string =>
  sessionName === null ? 'CordonDeniedSessions' : `CordonDeniedSessions-${sessionName}`;

/** New sessions of the same name were issued later, so they pass. */
const denial = ({ sessionName, before }: DeniedSessions): object => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: {
        DateLessThan: { 'aws:TokenIssueTime': new Date(before).toISOString() },
        ...(sessionName !== null && { StringLike: { 'aws:userid': `*:${sessionName}` } }),
      },
    },
  ],
});

export const denialDocument = (sessions: DeniedSessions): string =>
  JSON.stringify(denial(sessions));

const issueTime = 'Condition.DateLessThan.aws:TokenIssueTime';

/**
 * Before which time a policy denies the sessions of a name; null unless the policy is exactly
 * the one that `denialDocument` writes.
 */
export const deniedBefore = (sessionName: string | null, policy: unknown): number | null => {
  const [statement]: readonly unknown[] = listAt(policy, 'Statement');
  const before = Date.parse(textAt(statement, issueTime) ?? '');
  if (Number.isNaN(before)) return null;
  return isDeepStrictEqual(policy, denial({ sessionName, before })) ? before : null;
};

/** Sessions of a role that outlive a release; those of any name where it is null. */
export interface RoleSessions {
  readonly roleName: string;
  readonly sessionName: string | null;
}

/** The sessions that a thief may still have after a release: those of every suspect with a role. */
export const sessionsOf = (suspects: readonly Suspect[]): readonly RoleSessions[] =>
  suspects.flatMap((suspect): RoleSessions[] => {
    if (!('roleName' in suspect)) return [];
    const { roleName } = suspect;
    if (suspect.kind === 'role') return [{ roleName, sessionName: null }];
    if (suspect.kind === 'session') return [{ roleName, sessionName: suspect.sessionName }];
    // A function that somebody made with the role has sessions of its own name.
    return sessionNames(suspect).map((sessionName) => ({ roleName, sessionName }));
  });
