// Each rule is tried on a template that is broken on purpose, and on the same one in order.
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../support/infra/synthesised.ts';
import { keysOfIam, overReserved, rules } from '../../../support/infra/truth.ts';
import { unboundUploads } from '../../../support/infra/truth-uploads.ts';

type Resources = Readonly<Record<string, Json>>;

const of = (Type: string, Properties: Json = {}) => ({ Type, Properties });
const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const allow = (Action: string) => ({ Effect: 'Allow', Action, Resource: '*' });
const problemsOf = (Resources: Resources): readonly string[] =>
  rules.flatMap(({ look }) => look({ Resources }));

const work = (mapping: Json, queue: Json = {}, reserved = 5) => ({
  Queue: of('AWS::SQS::Queue', { VisibilityTimeout: 185, ...Object(queue) }),
  Worker: of('AWS::Lambda::Function', { Timeout: 30, ReservedConcurrentExecutions: reserved }),
  Work: of('AWS::Lambda::EventSourceMapping', {
    EventSourceArn: arn('Queue'),
    FunctionName: { Ref: 'Worker' },
    ...Object(mapping),
  }),
});
const large = { BatchSize: 100, MaximumBatchingWindowInSeconds: 5 };

const network = (more: Resources) => ({
  Role: of('AWS::IAM::Role', {
    Policies: [{ PolicyDocument: { Statement: [allow('secretsmanager:GetSecretValue')] } }],
  }),
  Inside: of('AWS::Lambda::Function', { Role: arn('Role'), VpcConfig: { SubnetIds: [] } }),
  ...more,
});
const subnets = (zone: string) => ({
  One: of('AWS::EC2::Subnet', { AvailabilityZone: 'us-east-1a' }),
  Two: of('AWS::EC2::Subnet', { AvailabilityZone: zone }),
  Group: of('AWS::RDS::DBSubnetGroup', { SubnetIds: [{ Ref: 'One' }, { Ref: 'Two' }] }),
});
const spreadOver = (zones: readonly string[], service: Resources): Resources => ({
  ...Object.fromEntries(
    zones.map((zone, index) => [
      `Subnet${index}`,
      of('AWS::EC2::Subnet', { AvailabilityZone: zone }),
    ]),
  ),
  ...service,
});
const subnetsOf = (count: number): Json =>
  Array.from({ length: count }, (_, index) => ({ Ref: `Subnet${index}` }));
const [a, b, c] = ['us-east-1a', 'us-east-1b', 'us-east-1c'] as const;
const warehouse = {
  Warehouse: of('AWS::RedshiftServerless::Workgroup', { SubnetIds: subnetsOf(3) }),
};
const search = {
  Search: of('AWS::OpenSearchService::Domain', {
    VPCOptions: { SubnetIds: subnetsOf(2) },
    ClusterConfig: { ZoneAwarenessEnabled: true },
  }),
};
const searchOver = (AvailabilityZoneCount: number) => ({
  Search: of('AWS::OpenSearchService::Domain', {
    VPCOptions: { SubnetIds: subnetsOf(AvailabilityZoneCount) },
    ClusterConfig: { ZoneAwarenessEnabled: true, ZoneAwarenessConfig: { AvailabilityZoneCount } },
  }),
});
const alone = {
  Search: of('AWS::OpenSearchService::Domain', {
    VPCOptions: { SubnetIds: subnetsOf(1) },
    ClusterConfig: { ZoneAwarenessEnabled: false },
  }),
};
const balancer = {
  Balancer: of('AWS::ElasticLoadBalancingV2::LoadBalancer', { Subnets: subnetsOf(2) }),
};
const cache = {
  Caches: of('AWS::ElastiCache::SubnetGroup', { SubnetIds: subnetsOf(2) }),
  Cache: of('AWS::ElastiCache::ReplicationGroup', { MultiAZEnabled: true }),
};
const uploading = (rule: object): Resources => ({
  Files: of('AWS::S3::Bucket', {
    CorsConfiguration: {
      CorsRules: [
        {
          AllowedMethods: ['PUT'],
          AllowedOrigins: ['https://risk.example.org'],
          AllowedHeaders: ['Content-Type', 'x-amz-checksum-sha256'],
          ...rule,
        },
      ],
    },
  }),
});
const guarded = (condition: Json) => ({
  Policy: of('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: {
        Sid: 'Others',
        Effect: 'Deny',
        Principal: '*',
        Condition: {
          ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/own' },
          ...Object(condition),
        },
      },
    },
  }),
});

/** What is allowed by a policy of its own. */
const allowedBeside = (...actions: readonly string[]): Resources => ({
  Endpoint: of('AWS::EC2::VPCEndpoint', { ServiceName: 'com.amazonaws.us-east-1.secretsmanager' }),
  Reading: of('AWS::IAM::Policy', {
    Roles: [{ Ref: 'Role' }],
    PolicyDocument: { Statement: actions.map(allow) },
  }),
});
const withoutOthers = (name: string, Bool: Json, Effect = 'Deny'): Resources => ({
  Thing: of('AWS::Any::Thing', {
    [name]: {
      Statement: {
        ...{ Sid: 'Others', Effect, NotPrincipal: { AWS: 'own' } },
        Condition: { Bool },
      },
    },
  }),
});

interface Case {
  readonly what: string;
  readonly good: Resources;
  readonly bad: Resources;
  readonly problem: string;
}

const cases: readonly Case[] = [
  {
    what: 'a large batch without a window',
    good: work(large),
    bad: work({ BatchSize: 100 }),
    problem: 'Work: a batch of 100 needs a window',
  },
  {
    what: 'a large batch of a FIFO queue',
    good: work({}, { FifoQueue: true }),
    bad: work(large, { FifoQueue: true }),
    problem: 'Work: a FIFO queue has batches of ten at most',
  },
  {
    what: 'messages that are seen again while they are worked on',
    good: work(large),
    bad: work(large, { VisibilityTimeout: 60 }),
    problem: 'Work: messages are seen again after 60 s, a batch may take 30 s',
  },
  {
    what: 'messages that are seen again before the window and the work are over',
    good: work(large),
    bad: work(large, { VisibilityTimeout: 184 }),
    problem: 'Work: messages are seen again after 184 s, a batch may take 30 s',
  },
  {
    what: 'messages that are seen again when the queue does not say when',
    good: work(large),
    bad: { ...work(large), Queue: of('AWS::SQS::Queue') },
    problem: 'Work: messages are seen again after 30 s, a batch may take 30 s',
  },
  {
    what: 'a queue that asks for more than its function has',
    good: work({ ScalingConfig: { MaximumConcurrency: 5 } }),
    bad: work({ ScalingConfig: { MaximumConcurrency: 6 } }),
    problem: 'Work: asks for 6, and Worker has 5',
  },
  {
    what: 'reservations that leave too little',
    good: work({}, {}, 900),
    bad: work({}, {}, 901),
    problem: '901 executions are reserved',
  },
  {
    what: 'a circle',
    good: { A: of('T', { 'Fn::Sub': '${B}' }), B: of('T') },
    bad: { A: of('T', { 'Fn::Sub': '${B}' }), B: { ...of('T'), DependsOn: 'A' } },
    problem: 'A → B → A',
  },
  {
    what: 'a circle of references in lists and attributes',
    good: { A: of('T', { Names: [{ Ref: 'B' }] }), B: of('T', arn('C')), C: of('T') },
    bad: { A: of('T', { Names: [{ Ref: 'B' }] }), B: of('T', arn('C')), C: of('T', arn('A')) },
    problem: 'A → B → C → A',
  },
  {
    what: 'a resource that waits for itself',
    good: { A: { ...of('T'), DependsOn: ['B'] }, B: of('T') },
    bad: { A: { ...of('T'), DependsOn: ['B', 'A'] }, B: of('T') },
    problem: 'A → A',
  },
  {
    what: 'subnets of one zone',
    good: subnets('us-east-1b'),
    bad: subnets('us-east-1a'),
    problem: 'Group: 1 of 2 zones',
  },
  {
    what: 'a warehouse in two zones',
    good: spreadOver([a, b, c], warehouse),
    bad: spreadOver([a, b, b], warehouse),
    problem: 'Warehouse: 2 of 3 zones',
  },
  {
    what: 'a load balancer in one zone',
    good: spreadOver([a, b], balancer),
    bad: spreadOver([a, a], balancer),
    problem: 'Balancer: 1 of 2 zones',
  },
  {
    what: 'a search domain over three zones that has two',
    good: spreadOver([a, b, c], searchOver(3)),
    bad: spreadOver([a, b, b], searchOver(3)),
    problem: 'Search: 2 of 3 zones',
  },
  {
    what: 'a search domain that is spread although it needs one zone',
    good: spreadOver([a, a], alone),
    bad: spreadOver([a, a], search),
    problem: 'Search: 1 of 2 zones',
  },
  {
    what: 'a search domain over two zones that has one',
    good: spreadOver([a, b], search),
    bad: spreadOver([a, a], search),
    problem: 'Search: 1 of 2 zones',
  },
  {
    what: 'a cache over several zones that has one',
    good: spreadOver([a, b], cache),
    bad: spreadOver([a, a], cache),
    problem: 'Caches: 1 of 2 zones',
  },
  {
    what: 'a cache that shall be in several zones',
    good: spreadOver([a, a], {
      ...cache,
      Cache: of('AWS::ElastiCache::ReplicationGroup', { MultiAZEnabled: false }),
    }),
    bad: spreadOver([a, a], cache),
    problem: 'Caches: 1 of 2 zones',
  },
  {
    what: 'an upload as a form',
    good: uploading({ AllowedMethods: ['POST'] }),
    bad: uploading({ AllowedMethods: ['POST'], AllowedOrigins: ['*'] }),
    problem: 'Files: pages of every origin may upload',
  },
  {
    what: 'an upload that cannot send its checksum',
    good: uploading({}),
    bad: uploading({ AllowedHeaders: ['content-type'] }),
    problem: 'Files: an upload cannot send x-amz-checksum-sha256',
  },
  {
    what: 'an upload that cannot send its type',
    good: uploading({ AllowedMethods: ['GET'], AllowedHeaders: [] }),
    bad: uploading({ AllowedHeaders: undefined }),
    problem: 'Files: an upload cannot send content-type',
  },
  {
    what: 'uploads of every page',
    good: uploading({}),
    bad: uploading({ AllowedOrigins: ['*'] }),
    problem: 'Files: pages of every origin may upload',
  },
  {
    what: 'a call without an endpoint',
    good: network({
      Endpoint: of('AWS::EC2::VPCEndpoint', {
        ServiceName: 'com.amazonaws.us-east-1.secretsmanager',
      }),
    }),
    bad: network({}),
    problem: 'Inside: calls secretsmanager, and no endpoint leads there',
  },
  {
    what: 'a call that a policy beside the role allows',
    good: network(allowedBeside('logs:PutLogEvents')),
    bad: network(allowedBeside('sqs:ReceiveMessage')),
    problem: 'Inside: calls sqs, and no endpoint leads there',
  },
  {
    what: 'a call without an endpoint and without a way out',
    good: network({ Way: of('AWS::EC2::NatGateway') }),
    bad: network({ Way: of('AWS::EC2::InternetGateway') }),
    problem: 'Inside: calls secretsmanager, and no endpoint leads there',
  },
  {
    what: 'a denial that hits services',
    good: guarded({ Bool: { 'aws:PrincipalIsAWSService': 'false' } }),
    bad: guarded({}),
    problem: 'Policy: Others',
  },
  ...[
    { StringEquals: { 'aws:SourceAccount': '111122223333' } },
    { Null: { 'aws:PrincipalArn': 'false' } },
    { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*' } },
  ].map((condition) => ({
    what: `a denial that services do not fit: ${JSON.stringify(condition)}`,
    good: guarded(condition),
    bad: guarded({ Bool: { 'aws:SecureTransport': 'false' } }),
    problem: 'Policy: Others',
  })),
  ...['PolicyDocument', 'KeyPolicy', 'ResourcePolicy', 'Policy'].map((name) => ({
    what: `a denial of all principals but one, in ${name}`,
    good: withoutOthers(name, { 'aws:PrincipalIsAWSService': 'false' }),
    bad: withoutOthers(name, { 'aws:SecureTransport': 'false' }),
    problem: 'Thing: Others',
  })),
];

it('a permission for all principals but one is no denial', () => {
  const others = withoutOthers('PolicyDocument', { 'aws:SecureTransport': 'true' }, 'Allow');
  expect(problemsOf(others)).toEqual([]);
});

describe('a rule finds what is broken, and nothing in a template in order', () => {
  it.each(cases.map((each) => [each.what, each] as const))(
    '%s',
    (_what, { good, bad, problem }) => {
      expect(problemsOf(bad)).toContain(problem);
      expect(problemsOf(good)).toEqual([]);
    },
  );

  it('stacks that reserve too much together', () => {
    const half = (reserved: number): Json => ({ Resources: work({}, {}, reserved) });
    expect(overReserved([half(450), half(451)])).toEqual(['901 executions are reserved']);
    expect(overReserved([half(450), half(450)])).toEqual([]);
  });

  it('an address for uploads that signs too little', () => {
    const source = (options: string) =>
      `await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key }), ${options});`;
    const checksum = `unhoistableHeaders: new Set(['x-amz-checksum-sha256'])`;
    const type = `signableHeaders: new Set(['content-type', 'content-length'])`;
    expect(unboundUploads(source(`{ ${type}, ${checksum} }`))).toEqual([]);
    expect(unboundUploads(source(`{ ${type} }`))).toEqual([
      'unhoistableHeaders',
      "'x-amz-checksum-sha256'",
    ]);
    expect(unboundUploads(source('{}'))).toHaveLength(5);
    expect(unboundUploads("await signer.presign({ method: 'POST' });")).toHaveLength(5);
    expect(unboundUploads('await getSignedUrl(s3, new GetObjectCommand({}))')).toEqual([]);
    expect(unboundUploads('await s3.send(new PutObjectCommand({}))')).toEqual([]);
  });

  it('a key that lets policies of IAM decide, or is open to all', () => {
    const key = (statement: Json): Json => ({
      Resources: {
        Key: of('AWS::KMS::Key', {
          KeyPolicy: {
            Statement: [
              {
                Effect: 'Allow',
                Principal: { AWS: 'arn:aws:iam::111122223333:root' },
                Action: 'kms:*',
                ...Object(statement),
              },
            ],
          },
        }),
      },
    });
    const account = { 'Fn::Join': ['', ['arn:aws:iam::', { Ref: 'AWS::AccountId' }, ':root']] };
    const open = [
      {},
      { Action: ['kms:Decrypt', '*'] },
      { Principal: { AWS: account } },
      { Principal: { AWS: '111122223333' } },
      { Principal: '*' },
      { Principal: { AWS: ['*'] } },
    ];
    const bound = [
      { Condition: { StringEquals: { 'aws:PrincipalTag/a': 'b' } } },
      { Principal: { AWS: 'arn:aws:iam::111122223333:role/own' } },
      { Action: 'kms:DescribeKey' },
      { Effect: 'Deny' },
    ];
    expect(open.map((statement) => keysOfIam(key(statement)))).toEqual(open.map(() => ['Key']));
    expect(bound.map((statement) => keysOfIam(key(statement)))).toEqual(bound.map(() => []));
  });
});
