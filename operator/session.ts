import { CordonError } from './errors.ts';
import type { Credentials, SdkConfig } from './sdk-config.ts';

/** The keys of a session of a role. The error for a refusal names the missing permission. */
export const assumed = async (
  config: SdkConfig,
  RoleArn: string,
  RoleSessionName: string,
): Promise<Credentials> => {
  // Loaded at the first call, because a command that finds no deployment makes none.
  const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts');
  try {
    const { Credentials: keys } = await new STSClient(config).send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName }),
    );
    if (!keys?.AccessKeyId || !keys.SecretAccessKey || !keys.SessionToken)
      throw new CordonError(`${RoleArn} gave no keys for a session`);
    return {
      accessKeyId: keys.AccessKeyId,
      secretAccessKey: keys.SecretAccessKey,
      sessionToken: keys.SessionToken,
    };
  } catch (error) {
    if (error instanceof Error && error.name === 'AccessDenied')
      throw new CordonError(
        `you may not assume ${RoleArn}: ask the person who deployed Cordon for it, ` +
          'or sign in as a user who may',
        { cause: error },
      );
    throw error;
  }
};
