import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { assume, clientConfig, type KeyedEngine } from '../../../local/engine/clients.ts';
import { ACCOUNT } from '../../../local/engine/settings.ts';
import type { Credentials } from '../../../operator/sdk-config.ts';

export type At = KeyedEngine;

const anybodyHere = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: 'sts:AssumeRole',
    },
  ],
});

/** Gives a caller's role one inline policy, in the place of the one that it had. */
export const permit = (engine: At, role: string, policy: unknown): Promise<unknown> =>
  new IAMClient(clientConfig(engine)).send(
    new PutRolePolicyCommand({
      RoleName: role,
      PolicyName: 'only',
      PolicyDocument: JSON.stringify(policy),
    }),
  );

/** Keys of a session of a new role that may do what the policy says and nothing else. */
export const caller = async (
  engine: At,
  name: string,
  policy: unknown,
  session = 'caller',
): Promise<Credentials> => {
  const iam = new IAMClient(clientConfig(engine));
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: anybodyHere }),
  );
  await permit(engine, name, policy);
  return assume(engine, Role?.Arn ?? '', session);
};

/**
 * Keys of a session of a role that only Lambda may assume. The root key opens its trust for one
 * call and puts it back: the policies under test stay what was deployed.
 */
export const sessionOf = async (
  engine: At,
  RoleName: string,
  session = 'a-test',
): Promise<Credentials> => {
  const iam = new IAMClient(clientConfig(engine));
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  const trust = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: anybodyHere }));
  const keys = await assume(engine, Role?.Arn ?? '', session);
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust }));
  return keys;
};

/** Attaches managed policies to a role, with the root key. */
export const attach = async (
  engine: At,
  RoleName: string,
  ...policies: readonly string[]
): Promise<void> => {
  const iam = new IAMClient(clientConfig(engine));
  for (const PolicyArn of policies)
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
};

/** `allowed`, `denied` by a policy, or the name of whatever else went wrong. */
export const verdict = async (call: () => Promise<unknown>): Promise<string> => {
  try {
    await call();
    return 'allowed';
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return /^(AccessDenied|AuthorizationError)(Exception)?$/.test(name) &&
      message.includes('is not authorized to perform')
      ? 'denied'
      : `${name}: ${message}`;
  }
};
