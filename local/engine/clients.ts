import { CordonError } from '../../operator/errors.ts';
import type { Credentials } from '../../operator/sdk-config.ts';
import { REGION } from './settings.ts';

/**
 * A running engine and the root key of its run. The root key is above every policy: what must be
 * denied has to be asked with other keys.
 */
export interface KeyedEngine {
  readonly endpoint: string;
  readonly rootKey: Credentials;
  /** Where clients call; the region of the deployment unless said. */
  readonly region?: string;
}

/**
 * Settings for any client of the AWS SDK that shall talk to the engine: `new
 * S3Client(clientConfig(engine))`.
 */
export const clientConfig = (
  { endpoint, rootKey, region = REGION }: KeyedEngine,
  credentials: Credentials = rootKey,
) => ({
  endpoint,
  region,
  credentials,
  forcePathStyle: true, // S3: bucket names are no host names here
  useQueueUrlAsEndpoint: false, // SQS: would follow the host in the queue's URL
  // Settings of a person's account (AWS_USE_FIPS_ENDPOINT and the like) name other hosts.
  useFipsEndpoint: false,
  useDualstackEndpoint: false,
  disableHostPrefix: true, // Step Functions: would put "sync-" before the IP address
});

/** The keys of a session of this role, as whoever its trust policy allows. */
export const assume = async (
  engine: KeyedEngine,
  roleArn: string,
  sessionName: string,
  as: Credentials = engine.rootKey,
): Promise<Credentials> => {
  // Every command imports this file, and few assume a role.
  const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts');
  const sts = new STSClient(clientConfig(engine, as));
  const { Credentials: keys } = await sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: sessionName }),
  );
  if (!keys?.AccessKeyId || !keys.SecretAccessKey || !keys.SessionToken)
    throw new CordonError(`${roleArn} gave no keys for a session`);
  return {
    accessKeyId: keys.AccessKeyId,
    secretAccessKey: keys.SecretAccessKey,
    sessionToken: keys.SessionToken,
  };
};
