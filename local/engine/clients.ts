import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { CordonError } from '../../operator/errors.ts';
import type { Credentials } from '../../operator/sdk-config.ts';
import { REGION } from './settings.ts';

/**
 * The engine's root key. It is above every policy: what must be denied has to be asked with other
 * keys.
 */
export const ROOT: Credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/**
 * Settings for any client of the AWS SDK that shall talk to the engine: `new
 * S3Client(clientConfig(engine))`.
 */
export const clientConfig = (
  { endpoint }: { readonly endpoint: string },
  credentials: Credentials = ROOT,
) => ({
  endpoint,
  region: REGION,
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
  engine: { readonly endpoint: string },
  roleArn: string,
  sessionName: string,
  as: Credentials = ROOT,
): Promise<Credentials> => {
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
