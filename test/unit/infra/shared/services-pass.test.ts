// The policies of Cordon's resources deny every role and user that is not named. What AWS itself
// does with these resources must go on: an evaluator is asked for each service.
import { describe, expect, it } from 'vitest';
import { independent } from '../../../support/engine/evaluator.ts';
import { response } from '../../../support/infra/shared.ts';
import { at, type Json, one } from '../../../support/infra/synthesised.ts';

const account = '000000000000';
const here = `us-east-1:${account}`;
const pseudo: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::AccountId': account,
  'AWS::Region': 'us-east-1',
};
const arns: Readonly<Record<string, (id: string) => string>> = {
  'AWS::S3::Bucket': (id) => `arn:aws:s3:::${id}`,
  'AWS::SQS::Queue': (id) => `arn:aws:sqs:${here}:${id}`,
  'AWS::SNS::Topic': (id) => `arn:aws:sns:${here}:${id}`,
  'AWS::Events::Rule': (id) => `arn:aws:events:${here}:rule/${id}`,
  'AWS::Lambda::Function': (id) => `arn:aws:lambda:${here}:function:${id}`,
  'AWS::IAM::Role': (id) => `arn:aws:iam::${account}:role/cordon/${id}`,
};

const filled = (reference: string): string => {
  const id = reference.replace(/\.Arn$/, '');
  const { type } = response.find((resource) => resource.id === id) ?? {};
  return pseudo[reference] ?? arns[type ?? '']?.(id) ?? `unknown-${id}`;
};

/** The policy of a resource with its references filled in, as CloudFormation would. */
const policyOf = (type: string, id: RegExp): unknown => {
  const { properties } = one(response, type, id);
  const document: Json | undefined = at(properties, 'PolicyDocument');
  return JSON.parse(
    JSON.stringify(document).replaceAll(/<([\w:.]+)>/g, (_, name: string) => filled(name)),
  );
};
const arnOf = (type: string, id: RegExp): string =>
  arns[type]?.(one(response, type, id).id) ?? 'unknown';

const evidence = arnOf('AWS::S3::Bucket', /^EvidenceBucket/);
const logs = arnOf('AWS::S3::Bucket', /^AccessLogs/);
const trail = arnOf('AWS::S3::Bucket', /^TrailOwnBucket/);
const topic = arnOf('AWS::SNS::Topic', /./);
const queue = arnOf('AWS::SQS::Queue', /^RuleDeadLetters/);
const notifier = arnOf('AWS::Lambda::Function', /^RespondersNotifyLambda/);
const tamperRule = arnOf('AWS::Events::Rule', /^TamperWatchGuard/);
const policies = {
  evidence: policyOf('AWS::S3::BucketPolicy', /^EvidenceBucket/),
  logs: policyOf('AWS::S3::BucketPolicy', /^AccessLogs/),
  trail: policyOf('AWS::S3::BucketPolicy', /^TrailOwnBucket/),
  topic: policyOf('AWS::SNS::TopicPolicy', /./),
  queue: policyOf('AWS::SQS::QueuePolicy', /^RuleDeadLetters/),
  notifier: policyOf('AWS::Lambda::ResourcePolicy', /^RespondersNotifyLambda/),
} as const;

interface Delivery {
  readonly words: string;
  readonly service: string;
  readonly action: string;
  readonly resource: string;
  readonly policy: keyof typeof policies;
  readonly context?: Readonly<Record<string, string>>;
}

const by = (service: string, sourceArn: string) => ({
  'aws:PrincipalIsAWSService': 'true',
  'aws:PrincipalServiceName': service,
  'aws:SourceArn': sourceArn,
  'aws:SourceAccount': account,
  'aws:SecureTransport': 'true',
});

const deliveries: readonly Delivery[] = [
  {
    words: 'CloudTrail writes a file of its trail',
    service: 'cloudtrail.amazonaws.com',
    action: 's3:PutObject',
    resource: `${trail}/AWSLogs/${account}/CloudTrail/x.json.gz`,
    policy: 'trail',
    context: {
      ...by('cloudtrail.amazonaws.com', `arn:aws:cloudtrail:${here}:trail/cordon`),
      's3:x-amz-acl': 'bucket-owner-full-control',
    },
  },
  {
    words: 'S3 writes a line about a read of evidence',
    service: 'logging.s3.amazonaws.com',
    action: 's3:PutObject',
    resource: `${logs}/evidence/2026-11-30`,
    policy: 'logs',
    context: by('logging.s3.amazonaws.com', evidence),
  },
  {
    words: 'CloudWatch mails an alarm',
    service: 'cloudwatch.amazonaws.com',
    action: 'sns:Publish',
    resource: topic,
    policy: 'topic',
    context: by('cloudwatch.amazonaws.com', `arn:aws:cloudwatch:${here}:alarm:x`),
  },
  {
    words: 'EventBridge mails a call that changes Cordon',
    service: 'events.amazonaws.com',
    action: 'sns:Publish',
    resource: topic,
    policy: 'topic',
    context: by('events.amazonaws.com', tamperRule),
  },
  {
    words: 'EventBridge mails it though it brings no keys, as AWS documents for SNS',
    service: 'events.amazonaws.com',
    action: 'sns:Publish',
    resource: topic,
    policy: 'topic',
  },
  {
    words: 'EventBridge keeps an event that it could not deliver',
    service: 'events.amazonaws.com',
    action: 'sqs:SendMessage',
    resource: queue,
    policy: 'queue',
    context: by('events.amazonaws.com', tamperRule),
  },
  {
    words: 'EventBridge calls the notifier with the result of a drill',
    service: 'events.amazonaws.com',
    action: 'lambda:InvokeFunction',
    resource: notifier,
    policy: 'notifier',
    context: by('events.amazonaws.com', arnOf('AWS::Events::Rule', /DrillResults/)),
  },
];

describe.each(deliveries)('$words', ({ service, action, resource, policy, context }) => {
  it('passes', async () => {
    const request = { action, resource, ...(context && { context }) };
    expect(await independent(service, [], request, policies[policy])).toBe('allowed');
  });

  it('does not open the same way to a role that may do everything', async () => {
    const everything = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    };
    const own = {
      'aws:PrincipalIsAWSService': 'false',
      'aws:PrincipalArn': `arn:aws:iam::${account}:role/ci`,
      'aws:SecureTransport': 'true',
      's3:if-none-match': '*',
    };
    const verdict = await independent(
      `arn:aws:sts::${account}:assumed-role/ci/build`,
      [{ name: 'everything', document: everything }],
      { action, resource, context: own },
      policies[policy],
    );
    expect(verdict).toBe('denied');
  });
});

it('S3 replicates evidence with a role that may read it for that purpose', async () => {
  const request = {
    action: 's3:GetObjectVersionForReplication',
    resource: `${evidence}/incidents/2026/11/30/x/manifest.json`,
    context: {
      'aws:PrincipalIsAWSService': 'false',
      'aws:PrincipalArn': `arn:aws:iam::${account}:role/replication`,
      'aws:SecureTransport': 'true',
    },
  };
  const document = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: request.action, Resource: '*' }],
  };
  const principal = `arn:aws:sts::${account}:assumed-role/replication/s3`;
  const verdict = await independent(
    principal,
    [{ name: 'replicate', document }],
    request,
    policies.evidence,
  );
  expect(verdict).toBe('allowed');
});
