import { GetRoleCommand, type GetRoleCommandOutput } from '@aws-sdk/client-iam';
import type { Collector } from '../collector.ts';
import { answer } from './parts/answer.ts';
import { managedPolicy, readable, readingPolicies } from './parts/policies.ts';
import { attachedPolicies, inlinePolicies, rolePages } from './parts/role-policies.ts';
import { noFunction, roleOf } from './parts/suspect.ts';

export const role: Collector = {
  id: 'collect.role',
  title:
    'The role: trust, inline and attached policies with every version, boundary, tags, last use; ' +
    'our own deny is marked',
  when: 'at once',
  about: ['function', 'session', 'role'],
  calls: [
    {
      on: 'iam:role/*',
      may: [
        'GetRole',
        'ListRolePolicies',
        'GetRolePolicy',
        'ListAttachedRolePolicies',
        'ListRoleTags',
      ],
    },
    ...readingPolicies,
  ],
  async *collect({ head }, from) {
    const RoleName = roleOf(head);
    if (RoleName === undefined) return yield noFunction;
    const request = { RoleName };
    let boundary: string | undefined;
    const ask = async (): Promise<GetRoleCommandOutput> => {
      const got = await from.iam.send(new GetRoleCommand(request), { abortSignal: from.signal });
      boundary = got.Role?.PermissionsBoundary?.PermissionsBoundaryArn;
      return got;
    };
    const keep = ({ Role }: GetRoleCommandOutput) => ({
      ...Role,
      trust: readable(Role?.AssumeRolePolicyDocument),
    });
    yield await answer({
      path: 'role/role.json',
      call: 'iam:GetRole',
      request,
      ask,
      keep,
      gone: `the role ${RoleName}`,
    });
    if (boundary) yield await managedPolicy(boundary, 'role/boundary.json', from);
    const ours =
      'tags that begin with cordon-quarantined- are set by Cordon and name what it contained';
    yield await answer({
      path: 'role/tags.json',
      call: 'iam:ListRoleTags',
      request,
      ask: rolePages(RoleName, from).tags,
      ours,
    });
    yield* inlinePolicies(RoleName, from);
    yield* attachedPolicies(RoleName, from);
  },
};
