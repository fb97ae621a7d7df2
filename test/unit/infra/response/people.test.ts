import { describe, expect, it } from 'vitest';
import { independent } from '../../../support/engine/evaluator.ts';
import { response } from '../../../support/infra/shared.ts';
import {
  at,
  listAt,
  ofType,
  one,
  permissionsOf,
  synthesise,
} from '../../../support/infra/synthesised.ts';

const arn = (type: string, id: RegExp, attribute = '.Arn'): string =>
  `<${one(response, type, id).id}${attribute}>`;
const table = arn('AWS::DynamoDB::Table', /^Cases/);
const machine = (name: string) =>
  one(response, 'AWS::StepFunctions::StateMachine', new RegExp(`^Machines${name}`)).id;
const executions = (name: string) =>
  `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<${machine(name)}.Name>:*`;
const via = (service: string) =>
  `{"StringEquals":{"kms:ViaService":"${service}.<AWS::Region>.<AWS::URLSuffix>"}}`;
const role = (name: string) => one(response, 'AWS::IAM::Role', new RegExp(`^People${name}`));

const readCases = [
  ...['GetItem', 'Query'].flatMap((action) =>
    [table, `${table}/index/byState`].map((on) => `Allow dynamodb:${action} ${on}`),
  ),
  `Allow kms:Decrypt ${arn('AWS::KMS::Key', /^Cases/)} ${via('dynamodb')}`,
];
const readEvidence = [
  ...[/^EvidenceBucket/, /^EvidenceDrillBucket/].flatMap((id) => {
    const bucket = arn('AWS::S3::Bucket', id);
    return [
      ...['ListBucket', 'ListBucketVersions'].map((action) => `Allow s3:${action} ${bucket}`),
      ...['GetObject', 'GetObjectRetention', 'GetObjectVersion'].map(
        (action) => `Allow s3:${action} ${bucket}/incidents/*`,
      ),
    ];
  }),
  `Allow kms:Decrypt ${arn('AWS::KMS::Key', /^Evidence/)} ${via('s3')}`,
  `Allow kms:GetPublicKey ${arn('AWS::KMS::Key', /^Signing/)}`,
];

const may: readonly (readonly [string, readonly string[]])[] = [
  ['Drill', [`Allow events:PutEvents ${arn('AWS::Events::EventBus', /./)}`]],
  [
    'Release',
    [
      ...readCases,
      `Allow states:StartExecution <${machine('Release')}>`,
      `Allow states:StartExecution <${machine('LateAnswer')}>`,
      ...['Incident', 'LateAnswer', 'Release'].map(
        (name) => `Allow states:DescribeExecution ${executions(name)}`,
      ),
      'Allow states:SendTaskSuccess *',
    ],
  ],
  [
    'Reader',
    [
      ...readCases,
      ...['GetItem', 'Query'].map(
        (action) =>
          `Deny dynamodb:${action} ${table} ` +
          '{"ForAnyValue:StringLike":{"dynamodb:LeadingKeys":"QUESTION#*"}}',
      ),
      ...readEvidence,
    ],
  ],
  [
    'Auditor',
    [
      ...readEvidence,
      `Allow lambda:InvokeFunction ${arn('AWS::Lambda::Function', /^RespondersCustodyLambda/)}`,
    ],
  ],
];

it.each(may)('the role %s may do exactly this', (name, permissions) => {
  expect(permissionsOf(response, role(name).id)).toEqual([...permissions].sort());
});

it(
  'each is taken by those whom the configuration names, and where it names nobody by whom the ' +
    'account lets',
  () => {
    const lead = 'arn:aws:iam::111122223333:role/SecurityLead';
    const trusted = (resources: typeof response, name: string) =>
      listAt(
        one(resources, 'AWS::IAM::Role', new RegExp(`^People${name}`)).properties,
        'AssumeRolePolicyDocument',
        'Statement',
      ).map((statement) => at(statement, 'Principal'));
    const { CordonResponse } = synthesise({ releasePrincipals: [lead] }).stacks;

    expect(trusted(CordonResponse, 'Release')).toEqual([{ AWS: lead }]);
    for (const [name] of may)
      expect(trusted(response, name)).toEqual([
        { AWS: 'arn:<AWS::Partition>:iam::<AWS::AccountId>:root' },
      ]);
    expect(
      ofType(response, 'AWS::IAM::Role').filter(({ id }) => id.startsWith('People')).length,
    ).toBe(may.length);
  },
);

describe('an independent evaluator agrees: who reads incidents', () => {
  const real = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value)
        .replaceAll(table, 'arn:aws:dynamodb:us-east-1:000000000000:table/cases')
        .replaceAll(/<AWS::Partition>/g, 'aws')
        .replaceAll(/<[\w:.]+>/g, 'arn:aws:none:::x'),
    );
  const policies = listAt(role('Reader').properties, 'Policies').map((policy) => ({
    name: String(at(policy, 'PolicyName')),
    document: real(at(policy, 'PolicyDocument')),
  }));
  const reading = (key: string) =>
    independent('arn:aws:sts::000000000000:assumed-role/CordonReaderRole/anna', policies, {
      action: 'dynamodb:GetItem',
      resource: 'arn:aws:dynamodb:us-east-1:000000000000:table/cases',
      context: { 'dynamodb:LeadingKeys': [key] },
    });

  it('reads incidents, and not the tokens with which a question is answered', async () => {
    expect(await reading('INC#inc-20261121-7f3k2m9q')).toBe('allowed');
    expect(await reading('QUESTION#inc-20261121-7f3k2m9q')).toBe('denied');
  });
});
