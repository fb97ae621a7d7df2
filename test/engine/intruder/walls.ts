// How a deployer writes the policy that a resource itself carries, by the service in its ARN. No
// judgement here.
import { PutResourcePolicyCommand } from '@aws-sdk/client-dynamodb';
import { UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { PutResourcePolicyCommand as PutFunctionPolicyCommand } from '@aws-sdk/client-lambda';
import { PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { SetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { GetQueueUrlCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { ACCOUNT } from '../../../local/engine/settings.ts';
import type { Clients } from './clients.ts';
import { resourcePolicyOf } from './resource-policies.ts';

type Write = (as: Clients, arn: string, policy: string) => Promise<unknown>;

const lastPart = (arn: string): string => arn.split(/[:/]/).at(-1) ?? '';

const writes: Readonly<Record<string, Write>> = {
  dynamodb: ({ dynamodb }, ResourceArn, Policy) =>
    dynamodb.send(new PutResourcePolicyCommand({ ResourceArn, Policy })),
  iam: ({ iam }, arn, PolicyDocument) =>
    iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: lastPart(arn), PolicyDocument })),
  kms: ({ kms }, KeyId, Policy) => kms.send(new PutKeyPolicyCommand({ KeyId, Policy })),
  lambda: ({ lambda }, ResourceArn, Policy) =>
    lambda.send(new PutFunctionPolicyCommand({ ResourceArn, Policy })),
  s3: ({ s3 }, arn, Policy) => {
    const [Bucket] = arn.split(':::').slice(1).join().split('/');
    return s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  },
  sns: ({ sns }, TopicArn, AttributeValue) =>
    sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue })),
  sqs: async ({ sqs }, arn, Policy) => {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: lastPart(arn) }));
    return sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  },
};

/** Replaces the policy of the resource. */
export const writePolicy: Write = (as, arn, policy) => {
  const service = arn.split(':')[2] ?? '';
  const write = writes[service];
  if (!write) throw new Error(`no wall of ${service} is known: ${arn}`);
  return write(as, arn, policy);
};

/**
 * No wall: what the policies of the account's identities allow is allowed. Whoever writes the policy
 * of a key must keep the right to write it again.
 */
export const identitiesDecide = (action: string, arn: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
        Action: action.startsWith('kms:') ? 'kms:*' : action,
        // The trust policy of a role is about this role, and names none.
        ...(action !== 'sts:AssumeRole' && { Resource: arn }),
      },
    ],
  });

/** Does something while identities alone decide about an action on a resource. */
export const withoutWall = async <T>(
  { root, deployer }: { readonly root: Clients; readonly deployer: Clients },
  { action, resource }: { readonly action: string; readonly resource: string },
  work: () => Promise<T>,
): Promise<T> => {
  const wall = await resourcePolicyOf(root, resource);
  await writePolicy(deployer, resource, identitiesDecide(action, resource));
  try {
    return await work();
  } finally {
    await writePolicy(deployer, resource, JSON.stringify(wall));
  }
};
