import {
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import type { Head } from '../responders/incident/case.ts';
import {
  denialDocument,
  denialName,
  type RoleSessions,
  sessionsOf,
} from '../responders/incident/denied-sessions.ts';
import { type Suspect, sessionHolders, suspectsOf } from '../responders/incident/suspect.ts';
import { releaseCommand } from '../responders/report/words.ts';
import { errorText, isMissing } from '../responders/shared/errors.ts';
import { placeOf } from '../responders/shared/function-place.ts';
import { decodedUri } from '../responders/shared/json.ts';
import { CordonError } from './errors.ts';
import type { DecidingPlace, Place } from './place.ts';
import { sleepUntil } from './wait.ts';

/**
 * Has Lambda start new execution environments, because the old ones hold sessions that are denied
 * now. An update that changes nothing does that, and needs a right of the person's own.
 */
const renew = async (FunctionName: string, lambda: LambdaClient): Promise<void> => {
  const { Timeout } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout }));
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 60 }, { FunctionName });
};

export interface Denying {
  /** Why a workload may still hold sessions that are denied now; null where it is renewed. */
  readonly notRenewed: string | null;
}

/** Only Lambda can be asked for new sessions; anything else gets them when its own expire. */
const renewed = async (
  suspect: Suspect,
  lambdaIn: (region: string | undefined) => LambdaClient,
): Promise<string | null> => {
  if (suspect.kind === 'session')
    return `${suspect.sessionName} keeps its session until AWS gives it the next one`;
  if (suspect.kind !== 'function') return null;
  const reasons = await Promise.all(
    sessionHolders(suspect).map((holder) => {
      const { functionName, region } = placeOf(holder);
      return renew(functionName, lambdaIn(region)).then(
        () => null,
        (error: unknown) => (isMissing(error) ? null : errorText(error)),
      );
    }),
  );
  return reasons.find((reason) => reason !== null) ?? null;
};

const deny = async (
  { roleName, sessionName }: RoleSessions,
  before: number,
  iam: IAMClient,
): Promise<boolean> => {
  const PolicyDocument = denialDocument({ sessionName, before });
  const PolicyName = denialName(sessionName);
  try {
    await iam.send(new PutRolePolicyCommand({ RoleName: roleName, PolicyName, PolicyDocument }));
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
};

/**
 * Denies the sessions that were issued until now, with the rights of the person at the keyboard: no
 * role of Cordon may write a policy. IAM compares whole seconds, so the release begins in the next
 * one. Returns undefined where no session can be left.
 */
export const denyEarlierSessions = async (
  place: DecidingPlace,
  head: Head,
): Promise<Denying | undefined> => {
  const suspects = suspectsOf(head);
  const sessions = sessionsOf(suspects);
  if (sessions.length === 0) return undefined;
  const before = Math.ceil((Date.now() + 1) / 1000) * 1000;
  const config = await place.config('operator');
  const iam = new IAMClient(config);
  const denied = await Promise.all(sessions.map((role) => deny(role, before, iam))).catch(
    (error: unknown) => {
      const scope = { aws: place.local === null };
      const roles = sessions.map(({ roleName }) => roleName).join(', ');
      throw new CordonError(
        `the stolen session could not be denied, so nothing was released (${errorText(error)}). ` +
          'Sign in as a person who may call iam:PutRolePolicy on ' +
          `${roles} and release again, or let stolen sessions work again: ` +
          `${releaseCommand(head.id, scope)} --let-sessions-live`,
        { cause: error },
      );
    },
  );
  if (!denied.includes(true)) return undefined;
  await sleepUntil(before);
  const lambdaIn = (region: string | undefined) =>
    new LambdaClient({ ...config, ...(region !== undefined && { region }) });
  const reasons = await Promise.all(suspects.map((suspect) => renewed(suspect, lambdaIn)));
  return { notRenewed: reasons.find((reason) => reason !== null) ?? null };
};

/** A function, and the role of its sessions. */
export interface FunctionRole {
  readonly functionName: string;
  readonly roleName: string;
}

/** The policy that denies earlier sessions of a function; null where its role has none. */
export const denialOf = async (
  place: Place,
  { functionName, roleName: RoleName }: FunctionRole,
): Promise<string | null> => {
  const PolicyName = denialName(functionName);
  try {
    const { PolicyDocument = '' } = await new IAMClient(await place.config('operator')).send(
      new GetRolePolicyCommand({ RoleName, PolicyName }),
    );
    return decodedUri(PolicyDocument);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
};

/**
 * Replaces the denial that a drill has made by the earlier one, which may still deny the stolen
 * session of a real incident. A denial that somebody has written since stays.
 */
export const restoreDenial = async (
  place: Place,
  workload: FunctionRole,
  { earlier, own }: { readonly earlier: string | null; readonly own: string | null },
): Promise<void> => {
  if ((await denialOf(place, workload)) !== own) return;
  const { functionName, roleName: RoleName } = workload;
  const iam = new IAMClient(await place.config('operator'));
  const PolicyName = denialName(functionName);
  try {
    await (earlier === null
      ? iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }))
      : iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: earlier })));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
};
