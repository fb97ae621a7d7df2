import {
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRoleTagsCommand,
} from '@aws-sdk/client-iam';
import type { Collecting, CollectorOutput } from '../../collector.ts';
import { allPages, answer } from './answer.ts';
import { managedPolicy, readable } from './policies.ts';

/** The lists that a role has: each function reads one of them as a whole. */
export const rolePages = (RoleName: string, { iam, signal }: Collecting) => {
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
export const attachedPolicies = async function* (
  RoleName: string,
  from: Collecting,
): CollectorOutput {
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

export const inlinePolicies = async function* (
  RoleName: string,
  from: Collecting,
): CollectorOutput {
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
