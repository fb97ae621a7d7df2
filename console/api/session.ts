import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import type { DecidingPlace, Outputs } from '../../operator/place.ts';
import type { SdkConfig } from '../../operator/sdk-config.ts';

/** What a session of a person is for. */
export type SessionPurpose = 'approve' | 'release';

export interface Sessions {
  readonly sts: STSClient;
  /** The role of the console for each purpose; nobody but this function can take them. */
  readonly roles: Readonly<Record<SessionPurpose, string>>;
  readonly region: string;
  readonly outputs: Outputs;
  /** The address of a local engine; null on AWS. */
  readonly engine: string | null;
}

/** The least that STS gives; a request is over long before. */
const sessionSeconds = 900;

/**
 * The deployment as a person sees it who decides: every call is made in a session that is named
 * after the person, and CloudTrail records it as the person's.
 */
export const placeOfPerson = async (
  { sts, roles, region, outputs, engine }: Sessions,
  person: string,
  purpose: SessionPurpose,
): Promise<DecidingPlace> => {
  const { Credentials: keys } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: roles[purpose],
      RoleSessionName: person,
      SourceIdentity: person,
      DurationSeconds: sessionSeconds,
    }),
  );
  if (!keys?.AccessKeyId || !keys.SecretAccessKey || !keys.SessionToken)
    throw new Error(`${roles[purpose]} gave no keys for a session`);
  const config: SdkConfig = {
    region,
    ...(engine !== null && { endpoint: engine }),
    credentials: {
      accessKeyId: keys.AccessKeyId,
      secretAccessKey: keys.SecretAccessKey,
      sessionToken: keys.SessionToken,
    },
  };
  return {
    region,
    outputs,
    local: engine === null ? null : { endpoint: engine },
    config: () => Promise.resolve(config),
  };
};
