import {
  GetAccessKeyLastUsedCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  ListMFADevicesCommand,
  ListServiceSpecificCredentialsCommand,
  ListSigningCertificatesCommand,
  ListSSHPublicKeysCommand,
  ListUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import type { Collecting, Collector, CollectorOutput } from '../collector.ts';
import { answer, reasonOf } from './parts/answer.ts';
import { managedPolicy, readable, readingPolicies } from './parts/policies.ts';
import { userOf } from './parts/suspect.ts';

/**
 * Everything that a user can sign in or sign requests with; none of these calls returns a secret.
 */
const questions = (UserName: string, { iam, signal }: Collecting) => {
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

const accessKeys = async function* (
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

const policies = async function* (UserName: string, from: Collecting): CollectorOutput {
  const { iam, signal } = from;
  const abort = { abortSignal: signal };
  const { PolicyNames = [] } = await iam.send(new ListUserPoliciesCommand({ UserName }), abort);
  for (const [index, PolicyName] of PolicyNames.entries())
    yield await answer({
      path: `user/inline/${index + 1}.json`,
      call: 'iam:GetUserPolicy',
      request: { UserName, PolicyName },
      ask: () => iam.send(new GetUserPolicyCommand({ UserName, PolicyName }), abort),
      keep: ({ PolicyDocument }) => readable(PolicyDocument),
    });
  const { AttachedPolicies = [] } = await iam.send(
    new ListAttachedUserPoliciesCommand({ UserName }),
    abort,
  );
  for (const [index, { PolicyArn = '' }] of AttachedPolicies.entries())
    yield await managedPolicy(PolicyArn, `user/attached/${index + 1}.json`, from);
};

export const user: Collector = {
  id: 'collect.user',
  title:
    'For findings about an IAM user: the user, keys and their last use, other credentials, ' +
    'policies, groups',
  when: 'at once',
  calls: [
    {
      on: 'iam:user/*',
      may: [
        ...[
          'GetUser',
          'GetLoginProfile',
          'ListMFADevices',
          'ListGroupsForUser',
          'ListSSHPublicKeys',
          'ListServiceSpecificCredentials',
        ],
        ...[
          'ListSigningCertificates',
          'ListAccessKeys',
          'GetAccessKeyLastUsed',
          'ListUserPolicies',
          'GetUserPolicy',
          'ListAttachedUserPolicies',
        ],
      ],
    },
    ...readingPolicies,
  ],
  async *collect(incident, from) {
    const name = userOf(incident);
    if (!name) return;
    for (const [file, call, ask] of questions(name, from))
      yield await answer<Awaited<ReturnType<typeof ask>>>({
        path: `user/${file}.json`,
        call: `iam:${call}`,
        request: { UserName: name },
        ask,
      });
    yield* accessKeys(name, from);
    try {
      yield* policies(name, from);
    } catch (error) {
      yield { what: 'policies of the user', why: reasonOf(error) };
    }
  },
};
