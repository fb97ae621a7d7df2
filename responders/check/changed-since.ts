import {
  type CloudFormationClient,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';

/** When CloudFormation was done with each resource, in epoch milliseconds, by physical id. */
export type DeployTimes = ReadonlyMap<string, number>;

export const readDeployTimes = async (
  cloudformation: CloudFormationClient,
  StackName: string,
): Promise<DeployTimes> => {
  const times = new Map<string, number>();
  const pages = paginateListStackResources({ client: cloudformation }, { StackName });
  for await (const { StackResourceSummaries = [] } of pages)
    for (const { PhysicalResourceId, LastUpdatedTimestamp } of StackResourceSummaries)
      if (PhysicalResourceId && LastUpdatedTimestamp)
        times.set(PhysicalResourceId, LastUpdatedTimestamp.getTime());
  return times;
};

/** The clocks of two services may differ by so much. */
export const clocksMs = 5_000;

/**
 * Whether something was changed after CloudFormation was done with it, which only somebody else can
 * have done. So neither its code nor its settings have to be known here.
 */
export const changedSince = (
  id: string,
  changedAt: number,
  times: DeployTimes,
): readonly string[] => {
  const deployedAt = times.get(id);
  if (deployedAt === undefined) return ['is no resource of the stack any more'];
  if (Number.isNaN(changedAt)) return ['does not say when it was changed'];
  if (changedAt <= deployedAt + clocksMs) return [];
  const [changed, deployed] = [changedAt, deployedAt].map((at) => new Date(at).toISOString());
  return [`was changed at ${changed}, after it was deployed at ${deployed}`];
};
