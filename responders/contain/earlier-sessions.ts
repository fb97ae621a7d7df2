import { GetRolePolicyCommand } from '@aws-sdk/client-iam';
import type { Head } from '../incident/case.ts';
import {
  denialName,
  deniedBefore,
  type EarlierSessions,
  expiryOf,
  type RoleSessions,
  sessionsOf,
} from '../incident/denied-sessions.ts';
import { suspectsOf } from '../incident/suspect.ts';
import type { Aws } from '../shared/aws.ts';
import { isMissing, SessionsLiveError } from '../shared/errors.ts';
import { decodedUri, jsonIn } from '../shared/json.ts';

/** A release begins at once after the denial; its retries may take a quarter of an hour. */
const staleMs = 15 * 60_000;
/** A denial ahead of this clock would also deny new sessions of the function. */
const aheadMs = 2_000;

/** Before which time the role denies the sessions; null where it denies none. */
export const readDenial = async (
  { roleName, sessionName }: RoleSessions,
  { iam }: Aws,
): Promise<number | null> => {
  const PolicyName = denialName(sessionName);
  try {
    const { PolicyDocument = '' } = await iam.send(
      new GetRolePolicyCommand({ RoleName: roleName, PolicyName }),
    );
    return deniedBefore(sessionName, jsonIn(decodedUri(PolicyDocument)));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
};

const nameOf = ({ sessionName, roleName }: RoleSessions): string =>
  sessionName ?? `role ${roleName}`;

/** Since when the role denies the sessions; throws a SessionsLiveError where one may still work. */
const wantedDenial = async (
  sessions: RoleSessions,
  {
    earliest,
    at,
    until,
  }: { readonly earliest: number; readonly at: number; readonly until: number },
  aws: Aws,
): Promise<number> => {
  const before = await readDenial(sessions, aws);
  if (before === null || before < earliest)
    throw new SessionsLiveError(
      `sessions of ${nameOf(sessions)} from before this release work until ` +
        `${new Date(until).toISOString()}, and role ${sessions.roleName} does not ` +
        'deny them: release with the command, which denies them first',
    );
  if (before > at + aheadMs)
    throw new SessionsLiveError(
      `role ${sessions.roleName} denies sessions until ${new Date(before).toISOString()}, ` +
        'which has not come yet: correct the clock of the computer that releases',
    );
  return before;
};

/**
 * What becomes of the sessions that were issued before a release. Throws a SessionsLiveError unless
 * the roles deny them, or a person has decided to let them live: a stolen session would work
 * again. Sessions that began before a containment that held have expired by themselves after some
 * hours; then there is nothing to deny.
 */
export const earlierSessions = async (
  head: Pick<Head, 'suspect' | 'suspects' | 'state' | 'clocks'>,
  letLive: boolean,
  { aws, now }: { readonly aws: Aws; readonly now: () => number },
): Promise<EarlierSessions | undefined> => {
  const { state, clocks } = head;
  const sessions = sessionsOf(suspectsOf(head));
  const at = now();
  const lastIssued = state === 'contained' && clocks.effective !== null ? clocks.effective : at;
  const until = expiryOf(lastIssued);
  if (sessions.length === 0 || until <= at) return undefined;
  if (letLive) return { denied: false, until };
  const earliest = Math.max(at - staleMs, clocks.effective ?? 0);
  const denied = await Promise.all(
    sessions.map((role) => wantedDenial(role, { earliest, at, until }, aws)),
  );
  return { denied: true, until: expiryOf(Math.max(...denied)) };
};
