import {
  GetUserPolicyCommand,
  ListAttachedUserPoliciesCommand,
  ListUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import type { Collecting, Collector, CollectorOutput } from '../collector.ts';
import { answer, reasonOf } from './parts/answer.ts';
import { managedPolicy, readable, readingPolicies } from './parts/policies.ts';
import { userOf } from './parts/suspect.ts';
import { accessKeys, userQuestions } from './parts/user-credentials.ts';

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
  about: ['user', 'access-key'],
  calls: [
    {
      on: 'iam:user/*',
      may: [
        'GetUser',
        'GetLoginProfile',
        'ListMFADevices',
        'ListGroupsForUser',
        'ListSSHPublicKeys',
        'ListServiceSpecificCredentials',
        'ListSigningCertificates',
        'ListAccessKeys',
        'GetAccessKeyLastUsed',
        'ListUserPolicies',
        'GetUserPolicy',
        'ListAttachedUserPolicies',
      ],
    },
    ...readingPolicies,
  ],
  async *collect(incident, from) {
    const name = userOf(incident);
    if (!name) return;
    for (const [file, call, ask] of userQuestions(name, from))
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
