import { GetFunctionCommand, paginateListFunctions } from '@aws-sdk/client-lambda';
import { type Attempt, attempt } from '../shared/attempt.ts';
import type { Aws } from '../shared/aws.ts';
import { callsTo, type FunctionPlace, lambdaIn, placeText } from '../shared/function-place.ts';
import type { Regions } from './function-regions.ts';
import { type RoleFacts, readRole } from './role-reads.ts';
import type { Deadlines } from './suspect-kind.ts';

export interface FunctionFacts {
  readonly arn: string;
  readonly roleArn: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The SHA-256 of the newest code, in base64. */
  readonly codeSha256?: string | undefined;
}

/** Another function that runs with the role. */
export interface Neighbour {
  /** As targets name it. */
  readonly name: string;
  readonly arn: string;
  /** When it was created, or its code or configuration changed last; in epoch milliseconds. */
  readonly changedAt: number | null;
}

/** Everything that is read about a function. */
export interface FunctionReads {
  readonly function: Attempt<FunctionFacts>;
  /** Its region, where that is not the region of the deployment. */
  readonly region?: string | undefined;
  readonly role: Attempt<RoleFacts>;
  /** The other functions that run with the role. */
  readonly neighbours: Attempt<readonly Neighbour[]>;
}

/** A function as it is now. */
export const readFunction = async (place: FunctionPlace, aws: Aws): Promise<FunctionFacts> => {
  const { lambda, FunctionName } = callsTo(placeText(place), aws);
  const { Configuration, Tags = {} } = await lambda.send(new GetFunctionCommand({ FunctionName }));
  return {
    arn: Configuration?.FunctionArn ?? '',
    roleArn: Configuration?.Role ?? '',
    tags: Tags,
    codeSha256: Configuration?.CodeSha256,
  };
};

const usersIn = async (
  roleName: string,
  region: string | undefined,
  aws: Aws,
): Promise<readonly Neighbour[]> => {
  const users = [];
  for await (const page of paginateListFunctions({ client: lambdaIn(region, aws) }, {}))
    for (const { FunctionName = '', FunctionArn: arn = '', ...rest } of page.Functions ?? [])
      if (rest.Role?.endsWith(`/${roleName}`))
        users.push({
          name: placeText({ functionName: FunctionName, region }),
          arn,
          changedAt: Date.parse(rest.LastModified ?? '') || null,
        });
  return users;
};

/** The functions of all regions that run with a role: IAM is the same in all of them. */
export const functionsOfRole = async (
  roleName: string,
  aws: Aws,
): Promise<readonly Neighbour[]> => {
  const regions = [undefined, ...aws.further.keys()];
  return (await Promise.all(regions.map((region) => usersIn(roleName, region, aws)))).flat();
};

interface FunctionRead {
  readonly region: string | undefined;
  readonly read: Attempt<FunctionFacts>;
}

/**
 * Of the regions in which the function may be, the one where it runs with the role. Otherwise a
 * region that could not be read, because the function may be there; then one that has a function
 * with this name, which an intruder may have moved to another role.
 */
const chosenRead = (
  nearest: FunctionRead,
  others: readonly FunctionRead[],
  roleName: string,
): FunctionRead => {
  const reads = [nearest, ...others];
  return (
    reads.find(({ read }) => read.ok && read.value.roleArn.endsWith(`/${roleName}`)) ??
    reads.find(({ read }) => !read.ok && !read.missing) ??
    reads.find(({ read }) => read.ok) ??
    nearest
  );
};

interface FunctionNames {
  readonly functionName: string;
  readonly roleName: string;
  /** Where the function may be. */
  readonly regions: Regions;
}

/** Reads everything in parallel, each part until its deadline. */
export const readFunctionFacts = async (
  { functionName, roleName, regions: [nearest, ...rest] }: FunctionNames,
  aws: Aws,
  { factsMs, neighboursMs }: Deadlines,
): Promise<FunctionReads> => {
  const readIn = async (region: string | undefined): Promise<FunctionRead> => ({
    region,
    read: await attempt(factsMs, readFunction({ functionName, region }, aws)),
  });
  const [near, others, role, users] = await Promise.all([
    readIn(nearest),
    Promise.all(rest.map(readIn)),
    attempt(factsMs, readRole(roleName, aws)),
    attempt(neighboursMs, functionsOfRole(roleName, aws)),
  ]);
  const { region, read } = chosenRead(near, others, roleName);
  const own = placeText({ functionName, region });
  const neighbours = users.ok
    ? { ...users, value: users.value.filter(({ name }) => name !== own) }
    : users;
  return { function: read, region, role, neighbours };
};
