import {
  GetRoleCommand,
  type GetRoleCommandOutput,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRoleTagsCommand,
} from '@aws-sdk/client-iam';
import type { Collecting, Collector, CollectorOutput } from '../collector.ts';
import { allPages, answer } from './parts/answer.ts';
import { managedPolicy, readable, readingPolicies } from './parts/policies.ts';
import { nobody } from './parts/suspect.ts';

const rolePages = (RoleName: string, { iam, signal }: Collecting) => {
  const abort = { abortSignal: signal };
  return {
    attached: () =>
      allPages(
        (Marker) => iam.send(new ListAttachedRolePoliciesCommand({ RoleName, Marker }), abort),
        (page) => page.AttachedPolicies,
        (page) => page.Marker,
      ),
    inline: () =>
      allPages(
        (Marker) => iam.send(new ListRolePoliciesCommand({ RoleName, Marker }), abort),
        (page) => page.PolicyNames,
        (page) => page.Marker,
      ),
    tags: () =>
      allPages(
        (Marker) => iam.send(new ListRoleTagsCommand({ RoleName, Marker }), abort),
        (page) => page.Tags,
        (page) => page.Marker,
      ),
  };
};

/**
 * Our own deny among them, marked: without the mark it would look like the attacker's or the
 * owner's.
 */
const attachedPolicies = async function* (RoleName: string, from: Collecting): CollectorOutput {
  const { attached } = rolePages(RoleName, from);
  let arns: readonly string[] = [];
  const ours = (arn: string | undefined) =>
    arn !== undefined && Object.values(from.quarantine).includes(arn) ? { ours: true } : {};
  yield await answer({
    path: 'role/attached.json',
    call: 'iam:ListAttachedRolePolicies',
    request: { RoleName },
    ask: async () => {
      const { items, ...rest } = await attached();
      arns = items.flatMap(({ PolicyArn }) => (PolicyArn ? [PolicyArn] : []));
      return { ...rest, items: items.map((policy) => ({ ...policy, ...ours(policy.PolicyArn) })) };
    },
  });
  for (const [index, arn] of arns.entries())
    yield await managedPolicy(arn, `role/attached/${index + 1}.json`, from);
};

const inlinePolicies = async function* (RoleName: string, from: Collecting): CollectorOutput {
  let names: readonly string[] = [];
  const { inline } = rolePages(RoleName, from);
  const list = async () => {
    const listed = await inline();
    names = listed.items;
    return listed;
  };
  yield await answer({
    path: 'role/inline.json',
    call: 'iam:ListRolePolicies',
    request: { RoleName },
    ask: list,
  });
  for (const [index, PolicyName] of names.entries())
    yield await answer({
      path: `role/inline/${index + 1}.json`,
      call: 'iam:GetRolePolicy',
      request: { RoleName, PolicyName },
      ask: () =>
        from.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }), {
          abortSignal: from.signal,
        }),
      keep: ({ PolicyDocument }) => readable(PolicyDocument),
    });
};

export const role: Collector = {
  id: 'collect.role',
  title:
    'The role: trust, inline and attached policies with every version, boundary, tags, last use; ' +
    'our own deny is marked',
  when: 'at once',
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
  async *collect({ head: { suspect } }, from) {
    if (suspect?.kind !== 'function') return yield nobody('role');
    const RoleName = suspect.roleName;
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
