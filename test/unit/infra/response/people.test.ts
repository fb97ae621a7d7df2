import { describe, expect, it } from 'vitest';
import { independent } from '../../../support/engine/evaluator.ts';
import { response } from '../../../support/infra/shared.ts';
import {
  at,
  listAt,
  ofType,
  one,
  permissionsOf,
  responseWith,
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
const noTokens = ['GetItem', 'Query'].map(
  (action) =>
    `Deny dynamodb:${action} ${table} ` +
    '{"ForAnyValue:StringLike":{"dynamodb:LeadingKeys":"QUESTION#*"}}',
);
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
  [
    'Drill',
    [
      `Allow events:PutEvents ${arn('AWS::Events::EventBus', /./)}`,
      `Allow kms:GenerateMac ${arn('AWS::KMS::Key', /^ProofKeysDrill/)}`,
    ],
  ],
  [
    'Approve',
    [
      ...readCases,
      `Allow kms:GenerateMac ${arn('AWS::KMS::Key', /^ProofKeysAnswer/)}`,
      `Allow states:StartExecution <${machine('LateAnswer')}>`,
      ...['Incident', 'LateAnswer'].map(
        (name) => `Allow states:DescribeExecution ${executions(name)}`,
      ),
      'Allow states:SendTaskSuccess *',
    ],
  ],
  [
    'Release',
    [
      ...readCases,
      ...noTokens,
      `Allow kms:GenerateMac ${arn('AWS::KMS::Key', /^ProofKeysRelease/)}`,
      `Allow states:StartExecution <${machine('Release')}>`,
      `Allow states:DescribeExecution ${executions('Release')}`,
    ],
  ],
  ['Reader', [...readCases, ...noTokens, ...readEvidence]],
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
  'each is taken by exactly those whom the configuration names, and where it names nobody by the ' +
    'root user alone',
  () => {
    const lead = 'arn:aws:iam::111122223333:role/SecurityLead';
    const trusted = (resources: typeof response, name: string) =>
      listAt(
        one(resources, 'AWS::IAM::Role', new RegExp(`^People${name}`)).properties,
        'AssumeRolePolicyDocument',
        'Statement',
      ).map((statement) => [at(statement, 'Principal'), at(statement, 'Condition')]);
    const changed = responseWith({ releasePrincipals: [lead] });

    expect(trusted(changed, 'Release')).toEqual([[{ AWS: lead }, undefined]]);
    const root = 'arn:<AWS::Partition>:iam::<AWS::AccountId>:root';
    for (const [name] of may)
      expect(trusted(response, name)).toEqual([
        [{ AWS: root }, { ArnEquals: { 'aws:PrincipalArn': root } }],
      ]);
    expect(
      ofType(response, 'AWS::IAM::Role').filter(({ id }) => /^People(?!Console)/.test(id)).length,
    ).toBe(may.length);
  },
);

it.each(['Approve', 'Release'])(
  'the console takes a role like %s for a person, by one function that says for whom',
  (name) => {
    const { id, properties } = role(`Console${name}`);
    const [, own = []] = may.find(([people]) => people === name) ?? [];
    expect(permissionsOf(response, id)).toEqual([...own].sort());
    const decides = 'arn:<AWS::Partition>:iam::<AWS::AccountId>:role/cordon/';
    const Condition = {
      ArnEquals: { 'aws:PrincipalArn': `${decides}CordonConsoleDecideLambdaRole` },
      StringLike: { 'sts:SourceIdentity': '*' },
    };
    const Principal = { AWS: 'arn:<AWS::Partition>:iam::<AWS::AccountId>:root' };
    const trusted = listAt(properties, 'AssumeRolePolicyDocument', 'Statement');
    expect(trusted).toEqual(
      ['sts:AssumeRole', 'sts:SetSourceIdentity'].map((Action) => ({
        ...{ Action, Condition, Effect: 'Allow', Principal },
      })),
    );
  },
);

it('can be taken with MFA only, where the configuration says so', () => {
  const lead = 'arn:aws:iam::111122223333:user/lead';
  const changed = responseWith({
    releasePrincipals: [lead],
    requireMfa: ['release'],
  });
  const conditionOf = (name: string) =>
    at(
      one(changed, 'AWS::IAM::Role', new RegExp(`^People${name}`)).properties,
      'AssumeRolePolicyDocument',
      'Statement',
      0,
      'Condition',
    );
  expect(conditionOf('Release')).toEqual({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } });
  expect(JSON.stringify(conditionOf('Drill'))).not.toContain('MultiFactor');
});

describe.each(['Reader', 'Release'])('an independent evaluator agrees: the role %s', (name) => {
  const real = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value)
        .replaceAll(table, 'arn:aws:dynamodb:us-east-1:000000000000:table/cases')
        .replaceAll(/<AWS::Partition>/g, 'aws')
        .replaceAll(/<[\w:.]+>/g, 'arn:aws:none:::x'),
    );
  const policies = listAt(role(name).properties, 'Policies').map((policy) => ({
    name: String(at(policy, 'PolicyName')),
    document: real(at(policy, 'PolicyDocument')),
  }));
  const reading = (key: string) =>
    independent(`arn:aws:sts::000000000000:assumed-role/Cordon${name}Role/anna`, policies, {
      action: 'dynamodb:GetItem',
      resource: 'arn:aws:dynamodb:us-east-1:000000000000:table/cases',
      context: { 'dynamodb:LeadingKeys': [key] },
    });

  it('reads incidents, and not the tokens with which a question is answered', async () => {
    expect(await reading('INC#inc-20261121-7f3k2m9q')).toBe('allowed');
    expect(await reading('QUESTION#inc-20261121-7f3k2m9q')).toBe('denied');
  });
});
