import { DescribeKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { compare, type Differences } from './checker.ts';

/** Whether one key can be used. */
export const checkKey = (arn: string, kms: KMSClient): Promise<Differences> =>
  compare(
    `key ${arn.slice(arn.indexOf(':key/') + 5)}`,
    kms.send(new DescribeKeyCommand({ KeyId: arn })),
    ({ KeyMetadata }) =>
      KeyMetadata?.KeyState === 'Enabled' ? [] : [`is ${KeyMetadata?.KeyState}`],
  );
