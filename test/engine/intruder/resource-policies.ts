// The policy that a resource itself carries, as the account shows it to the root key.
import { GetResourcePolicyCommand } from '@aws-sdk/client-dynamodb';
import { DescribeEventBusCommand } from '@aws-sdk/client-eventbridge';
import { GetRoleCommand } from '@aws-sdk/client-iam';
import { GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import { GetPolicyCommand } from '@aws-sdk/client-lambda';
import { GetBucketPolicyCommand } from '@aws-sdk/client-s3';
import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import type { Clients } from './clients.ts';

type Read = (root: Clients, name: string, arn: string) => Promise<string | undefined>;

const queuePolicy: Read = async ({ sqs }, QueueName) => {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  const AttributeNames = ['Policy' as const];
  return (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }))).Attributes
    ?.Policy;
};

/** By the service in the ARN; `name` is what stands after the account. */
const reads: Readonly<Record<string, Read>> = {
  dynamodb: async ({ dynamodb }, _name, arn) =>
    (
      await dynamodb.send(
        new GetResourcePolicyCommand({ ResourceArn: arn.replace(/\/(index|backup)\/.*$/, '') }),
      )
    ).Policy,
  events: async ({ events }, name) =>
    name.startsWith('event-bus/')
      ? (await events.send(new DescribeEventBusCommand({ Name: name.slice('event-bus/'.length) })))
          .Policy
      : undefined,
  iam: async ({ iam }, name) => {
    const RoleName = name.split('/').at(-1);
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    return decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
  },
  kms: async ({ kms }, name) =>
    (await kms.send(new GetKeyPolicyCommand({ KeyId: name.slice('key/'.length) }))).Policy,
  lambda: async ({ lambda }, name) => {
    const [kind, FunctionName] = name.split(':');
    return kind === 'function'
      ? (await lambda.send(new GetPolicyCommand({ FunctionName }))).Policy
      : undefined;
  },
  s3: async ({ s3 }, name) =>
    (await s3.send(new GetBucketPolicyCommand({ Bucket: name.split('/')[0] }))).Policy,
  sns: async ({ sns }, _name, arn) =>
    (await sns.send(new GetTopicAttributesCommand({ TopicArn: arn }))).Attributes?.Policy,
  sqs: queuePolicy,
};

/** Nothing for a resource that has none, and for a service that knows no such policies. */
export const resourcePolicyOf = async (root: Clients, arn: string): Promise<unknown> => {
  const [, , service = '', , , ...rest] = arn.split(':');
  try {
    const policy = await reads[service]?.(root, rest.join(':'), arn);
    return policy ? JSON.parse(policy) : undefined;
  } catch (error) {
    const { name } = error instanceof Error ? error : new Error(String(error));
    if (/^(NoSuchBucketPolicy|(ResourceNotFound|PolicyNotFound)(Exception)?)$/.test(name)) return;
    throw error;
  }
};
