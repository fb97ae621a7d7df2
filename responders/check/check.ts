import { attempt } from '../shared/attempt.ts';
import type { Grant } from '../shared/grant.ts';
import { readDeployTimes } from './changed-since.ts';
import type { CheckClients, Differences } from './checker.ts';
import type { Deployed } from './deployed.ts';
import { checkFunction } from './functions.ts';
import { checkKey } from './keys.ts';
import { checkPolicy } from './policies.ts';
import { checkRule } from './rules.ts';
import { checkTopic } from './topics.ts';

/** The calls that the comparison sends. */
export const checkCalls: readonly Grant[] = [
  { on: 'cloudformation:${stack}', may: ['ListStackResources'] },
  { on: 'events:rule/*', may: ['DescribeRule', 'ListTargetsByRule'] },
  { on: 'lambda:function:*', may: ['GetFunction'] },
  { on: 'sns:${topic}', may: ['ListSubscriptionsByTopic'] },
  ...(['${quarantineRole}', '${quarantineFunction}', '${quarantineUser}'] as const).map(
    (policy): Grant => ({ on: `iam:${policy}`, may: ['ListPolicyVersions'] }),
  ),
  ...(
    ['table', 'evidence', 'signing', 'drill', 'answer', 'release', 'topic', 'trail'] as const
  ).map((name): Grant => ({ on: `kms:\${${name}Key}`, may: ['DescribeKey'] })),
];

const deployTimesMs = 10_000;

/** What differs between the account and what was deployed; empty where nothing does. */
export const check = async (deployed: Deployed, clients: CheckClients): Promise<Differences> => {
  const { functions, rules, keys, topics, policies } = deployed;
  const { cloudformation, events, iam, kms, lambda, sns } = clients;
  const read = await attempt(deployTimesMs, readDeployTimes(cloudformation, deployed.stack));
  const groups = await Promise.all([
    ...rules.map((rule) => checkRule(rule, events)),
    ...keys.map((key) => checkKey(key, kms)),
    ...topics.map((topic) => checkTopic(topic, sns)),
    ...(read.ok
      ? [
          ...functions.map((deployed) => checkFunction(deployed, lambda, read.value)),
          ...policies.map((policy) => checkPolicy(policy, iam, read.value)),
        ]
      : []),
  ]);
  const unread = read.ok ? [] : [`stack ${deployed.stack} could not be read (${read.why})`];
  return [...unread, ...groups.flat()];
};
