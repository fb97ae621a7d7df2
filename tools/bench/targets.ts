import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { clientConfig, type KeyedEngine } from '../../local/engine/clients.ts';
import { ACCOUNT } from '../../local/engine/settings.ts';
import { zipOf } from '../../local/engine/zip.ts';

/** The engine that is measured. */
export type EngineAddress = KeyedEngine;

/** The outputs of a deployment's stacks, by name. */
export type DeploymentOutputs = Readonly<Record<string, string>>;

/** A function with a role of its own, both open to drills. */
export interface DrillTarget {
  readonly functionName: string;
  readonly roleName: string;
  readonly roleArn: string;
}

/**
 * Lambda runs with the role; this account may assume it, which makes it *shared*, or may not, which
 * makes it *sole*.
 */
export const trust = (assumable: boolean): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: {
          Service: 'lambda.amazonaws.com',
          ...(assumable && { AWS: `arn:aws:iam::${ACCOUNT}:root` }),
        },
        Action: 'sts:AssumeRole',
      },
    ],
  });

const mayRead = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: ['iam:ListAccountAliases', 's3:ListAllMyBuckets'], Resource: '*' },
  ],
});
const hello = zipOf([
  { name: 'index.mjs', data: Buffer.from('export const handler = async () => "ok";') },
]);

export const makeTarget = async (
  at: EngineAddress,
  name: string,
  { assumable = false, tags = {} }: { assumable?: boolean; tags?: Record<string, string> } = {},
): Promise<DrillTarget> => {
  const [iam, lambda] = [new IAMClient(clientConfig(at)), new LambdaClient(clientConfig(at))];
  const roleName = `${name}-role`;
  const tag = { Key: 'cordon:drill', Value: 'allowed' };
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: roleName,
      AssumeRolePolicyDocument: trust(assumable),
      Tags: [tag],
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({ RoleName: roleName, PolicyName: 'reads', PolicyDocument: mayRead }),
  );
  const roleArn = Role?.Arn ?? '';
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role: roleArn,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: hello },
      Tags: { [tag.Key]: tag.Value, ...tags },
    }),
  );
  return { functionName: name, roleName, roleArn };
};

/** Work on all of a list, a few at a time. */
export const inParallel = async <T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> => {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
};
