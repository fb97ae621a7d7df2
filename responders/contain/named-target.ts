import { GetRoleCommand, GetUserCommand } from '@aws-sdk/client-iam';
import { GetFunctionCommand } from '@aws-sdk/client-lambda';
import type { NamedTarget } from '../finding/by-hand.ts';
import { isMissing } from '../shared/errors.ts';
import { callsTo, placeText } from '../shared/function-place.ts';
import { isName, parseFunctionArn } from '../shared/names.ts';
import { printable } from '../shared/printable.ts';
import type { ContainDeps } from './judge.ts';

type Deps = Pick<ContainDeps, 'aws' | 'settings'>;

/** What a target is, or why nothing can be contained. */
type Read = NamedTarget | { readonly cannot: string };

const unlessMissing = async (what: string, read: () => Promise<Read>): Promise<Read> => {
  try {
    return await read();
  } catch (error) {
    if (isMissing(error)) return { cannot: `nothing is left to contain: there is no ${what}` };
    throw error;
  }
};

/** A function, in the region that its ARN names. */
const functionTarget = (target: string, { aws, settings }: Deps): Promise<Read> | undefined => {
  const arn = parseFunctionArn(target);
  if (!arn) return undefined;
  const { partition, account, region, name: functionName } = arn;
  const regions = [settings.region, ...settings.furtherRegions];
  if (!regions.includes(region))
    return Promise.resolve({
      cannot: `it is in ${region}; this deployment acts in ${regions.join(', ')} only`,
    });
  return unlessMissing(`function ${functionName}`, async () => {
    const place = region === settings.region ? { functionName } : { functionName, region };
    const { lambda, FunctionName } = callsTo(placeText(place), aws);
    const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName }));
    return {
      ...{ account, region, partition },
      resource: {
        resourceType: 'Lambda',
        lambdaDetails: {
          functionArn: `arn:${partition}:lambda:${region}:${account}:function:${functionName}`,
          functionName,
          functionVersion: '$LATEST',
          role: Configuration?.Role ?? '',
        },
      },
    };
  });
};

const sessionArn = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\/([^/]+)$/;
const userArn = /^arn:(aws[a-z-]*):iam::(\d{12}):user\/(?:[\x21-\x7e]+\/)?([^/]+)$/;

const accessKey = (principalId: string, userName: string, userType: string) => ({
  resourceType: 'AccessKey',
  accessKeyDetails: { principalId, userName, userType },
});

/** A session of a role, by the id that the role has now. */
const sessionTarget = (target: string, { aws, settings }: Deps): Promise<Read> | undefined => {
  const [, partition = '', account = '', RoleName = '', session = ''] =
    sessionArn.exec(target) ?? [];
  if (!isName('role', RoleName) || !isName('role', session)) return undefined;
  return unlessMissing(`role ${RoleName}`, async () => {
    const { Role } = await aws.iam.send(new GetRoleCommand({ RoleName }));
    const principalId = `${Role?.RoleId ?? ''}:${session}`;
    return {
      ...{ account, region: settings.region, partition },
      resource: accessKey(principalId, RoleName, 'AssumedRole'),
    };
  });
};

const userTarget = (target: string, { aws, settings }: Deps): Promise<Read> | undefined => {
  const [, partition = '', account = '', UserName = ''] = userArn.exec(target) ?? [];
  if (!isName('role', UserName)) return undefined;
  return unlessMissing(`user ${UserName}`, async () => {
    const { User } = await aws.iam.send(new GetUserCommand({ UserName }));
    if (User?.Arn !== target) return { cannot: `user ${UserName} has another path than its ARN` };
    return {
      ...{ account, region: settings.region, partition },
      resource: accessKey(User.UserId ?? '', UserName, 'IAMUser'),
    };
  });
};

/** What the account says about the ARN that a person has named. Throws while a service is busy. */
export const namedTarget = async (target: string, deps: Deps): Promise<Read> => {
  const { account } = deps.settings;
  const named = target.split(':')[4];
  if (named !== account)
    return { cannot: `it is about account ${printable(named ?? '', 20)}, and not ${account}` };
  return (
    functionTarget(target, deps) ??
    sessionTarget(target, deps) ??
    userTarget(target, deps) ?? {
      cannot: 'it is not the ARN of a function, of a session of a role, or of a user',
    }
  );
};
