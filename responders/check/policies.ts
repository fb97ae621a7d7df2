import {
  type IAMClient,
  type PolicyVersion,
  paginateListPolicyVersions,
} from '@aws-sdk/client-iam';
import { changedSince, type DeployTimes } from './changed-since.ts';
import { compare, type Differences } from './checker.ts';

const read = async (PolicyArn: string, client: IAMClient): Promise<readonly PolicyVersion[]> => {
  const versions: PolicyVersion[] = [];
  for await (const page of paginateListPolicyVersions({ client }, { PolicyArn }))
    versions.push(...(page.Versions ?? []));
  return versions;
};

const createdAt = ({ CreateDate }: PolicyVersion): number => CreateDate?.getTime() ?? 0;

/** Whether a policy that containment attaches still denies what it was deployed to deny. */
export const checkPolicy = (
  arn: string,
  iam: IAMClient,
  times: DeployTimes,
): Promise<Differences> =>
  compare(`policy ${arn.split('/').at(-1)}`, read(arn, iam), (versions) => {
    const newest = Math.max(...versions.map(createdAt));
    const used = versions.find(({ IsDefaultVersion }) => IsDefaultVersion);
    return [
      ...changedSince(arn, newest, times),
      ...(used && createdAt(used) === newest ? [] : ['was set back to an older version']),
    ];
  });
