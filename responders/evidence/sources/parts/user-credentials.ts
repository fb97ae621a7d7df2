import {
  GetAccessKeyLastUsedCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  ListGroupsForUserCommand,
  ListMFADevicesCommand,
  ListServiceSpecificCredentialsCommand,
  ListSigningCertificatesCommand,
  ListSSHPublicKeysCommand,
} from '@aws-sdk/client-iam';
import type { Collecting, CollectorOutput } from '../../collector.ts';
import { answer } from './answer.ts';

/**
 * Everything that a user can sign in or sign requests with; none of these calls returns a secret.
 */
export const userQuestions = (UserName: string, { iam, signal }: Collecting) => {
  const abort = { abortSignal: signal };
  return [
    ['user', 'GetUser', () => iam.send(new GetUserCommand({ UserName }), abort)],
    [
      'login-profile',
      'GetLoginProfile',
      () => iam.send(new GetLoginProfileCommand({ UserName }), abort),
    ],
    [
      'mfa-devices',
      'ListMFADevices',
      () => iam.send(new ListMFADevicesCommand({ UserName }), abort),
    ],
    [
      'groups',
      'ListGroupsForUser',
      () => iam.send(new ListGroupsForUserCommand({ UserName }), abort),
    ],
    [
      'ssh-keys',
      'ListSSHPublicKeys',
      () => iam.send(new ListSSHPublicKeysCommand({ UserName }), abort),
    ],
    [
      'service-credentials',
      'ListServiceSpecificCredentials',
      () => iam.send(new ListServiceSpecificCredentialsCommand({ UserName }), abort),
    ],
    [
      'signing-certificates',
      'ListSigningCertificates',
      () => iam.send(new ListSigningCertificatesCommand({ UserName }), abort),
    ],
  ] as const;
};

export const accessKeys = async function* (
  UserName: string,
  { iam, signal }: Collecting,
): CollectorOutput {
  const abort = { abortSignal: signal };
  const ask = async () => {
    const { AccessKeyMetadata = [], $metadata } = await iam.send(
      new ListAccessKeysCommand({ UserName }),
      abort,
    );
    const used = AccessKeyMetadata.map(async (key) => {
      const { AccessKeyLastUsed } = await iam.send(
        new GetAccessKeyLastUsedCommand({ AccessKeyId: key.AccessKeyId }),
        abort,
      );
      return { ...key, AccessKeyLastUsed };
    });
    return { keys: await Promise.all(used), $metadata };
  };
  yield await answer({
    path: 'user/access-keys.json',
    call: 'iam:ListAccessKeys',
    request: { UserName },
    ask,
  });
};
