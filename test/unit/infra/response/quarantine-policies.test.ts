import { runSimulation } from '@cloud-copilot/iam-simulate';
import { describe, expect, it } from 'vitest';
import { response } from '../../../support/infra/shared.ts';
import { at, type Json, one } from '../../../support/infra/synthesised.ts';

const account = '111122223333';
const real = (value: Json): string =>
  JSON.stringify(value)
    .replaceAll('<AWS::Partition>', 'aws-us-gov')
    .replaceAll('<AWS::AccountId>', account)
    .replaceAll('<AWS::Region>', 'us-gov-west-1');

const policy = (id: RegExp) => one(response, 'AWS::IAM::ManagedPolicy', id).properties;
const rolePolicy = policy(/^QuarantineRole/);
const userPolicy = policy(/^QuarantineUser/);
const functionPolicy = policy(/^QuarantineFunction/);

it('the policy for a role denies everything but log lines that are written in Lambda', () => {
  expect(rolePolicy).toMatchObject({ ManagedPolicyName: 'CordonQuarantineRole', Path: '/cordon/' });
  expect(at(rolePolicy, 'PolicyDocument')).toMatchInlineSnapshot(`
    {
      "Statement": [
        {
          "Effect": "Deny",
          "NotAction": [
            "logs:CreateLogStream",
            "logs:PutLogEvents",
          ],
          "Resource": "*",
        },
        {
          "Action": [
            "logs:CreateLogStream",
            "logs:PutLogEvents",
          ],
          "Effect": "Deny",
          "NotResource": [
            "arn:<AWS::Partition>:logs:*:<AWS::AccountId>:log-group:/aws/lambda/*",
            "arn:<AWS::Partition>:logs:*:<AWS::AccountId>:log-group:/aws/lambda/*:*",
          ],
        },
        {
          "Action": [
            "logs:CreateLogStream",
            "logs:PutLogEvents",
          ],
          "Condition": {
            "Null": {
              "lambda:SourceFunctionArn": "true",
            },
          },
          "Effect": "Deny",
          "Resource": "*",
        },
      ],
      "Version": "2012-10-17",
    }
  `);
});

it('the policy for a user denies everything, and so everything to sessions of its keys', () => {
  expect(userPolicy).toMatchObject({ ManagedPolicyName: 'CordonQuarantineUser', Path: '/cordon/' });
  expect(at(userPolicy, 'PolicyDocument')).toMatchInlineSnapshot(`
    {
      "Statement": [
        {
          "Action": "*",
          "Effect": "Deny",
          "Resource": "*",
        },
      ],
      "Version": "2012-10-17",
    }
  `);
});

it('the policy for functions of a shared role names them by the role’s tags', () => {
  expect(functionPolicy).toMatchObject({
    ManagedPolicyName: 'CordonQuarantineFunction',
    Path: '/cordon/',
  });
  expect(at(functionPolicy, 'PolicyDocument')).toMatchInlineSnapshot(`
    {
      "Statement": [
        {
          "Condition": {
            "ArnLike": {
              "lambda:SourceFunctionArn": "arn:<AWS::Partition>:lambda:*:<AWS::AccountId>:function:\${aws:PrincipalTag/cordon-quarantined-1, 'no!function'}",
            },
          },
          "Effect": "Deny",
          "NotAction": [
            "logs:CreateLogStream",
            "logs:PutLogEvents",
          ],
          "Resource": "*",
        },
        {
          "Action": [
            "logs:CreateLogStream",
            "logs:PutLogEvents",
          ],
          "Condition": {
            "ArnLike": {
              "lambda:SourceFunctionArn": "arn:<AWS::Partition>:lambda:*:<AWS::AccountId>:function:\${aws:PrincipalTag/cordon-quarantined-1, 'no!function'}",
            },
          },
          "Effect": "Deny",
          "NotResource": [
            "arn:<AWS::Partition>:logs:*:<AWS::AccountId>:log-group:/aws/lambda/\${aws:PrincipalTag/cordon-quarantined-1, 'no!function'}",
            "arn:<AWS::Partition>:logs:*:<AWS::AccountId>:log-group:/aws/lambda/\${aws:PrincipalTag/cordon-quarantined-1, 'no!function'}:*",
          ],
        },
        {
          "Condition": {
            "StringLike": {
              "aws:userid": "*:\${aws:PrincipalTag/cordon-quarantined-1, 'no!function'}",
            },
          },
          "Effect": "Deny",
          "NotAction": [
            "logs:CreateLogStream",
            "logs:PutLogEvents",
          ],
          "Resource": "*",
        },
        {
          "Action": [
            "logs:CreateLogStream",
            "logs:PutLogEvents",
          ],
          "Condition": {
            "StringLike": {
              "aws:userid": "*:\${aws:PrincipalTag/cordon-quarantined-1, 'no!function'}",
            },
          },
          "Effect": "Deny",
          "NotResource": [
            "arn:<AWS::Partition>:logs:*:<AWS::AccountId>:log-group:/aws/lambda/\${aws:PrincipalTag/cordon-quarantined-1, 'no!function'}",
            "arn:<AWS::Partition>:logs:*:<AWS::AccountId>:log-group:/aws/lambda/\${aws:PrincipalTag/cordon-quarantined-1, 'no!function'}:*",
          ],
        },
        {
          "Condition": {
            "ArnLike": {
              "lambda:SourceFunctionArn": "arn:<AWS::Partition>:lambda:*:<AWS::AccountId>:function:\${aws:PrincipalTag/cordon-quarantined-2, 'no!function'}",
            },
          },
          "Effect": "Deny",
          "NotAction": [
            "logs:CreateLogStream",
            "logs:PutLogEvents",
          ],
          "Resource": "*",
        },
        {
          "Action": [
            "logs:CreateLogStream",
            "logs:PutLogEvents",
          ],
          "Condition": {
            "ArnLike": {
              "lambda:SourceFunctionArn": "arn:<AWS::Partition>:lambda:*:<AWS::AccountId>:function:\${aws:PrincipalTag/cordon-quarantined-2, 'no!function'}",
            },
          },
          "Effect": "Deny",
          "NotResource": [
            "arn:<AWS::Partition>:logs:*:<AWS::AccountId>:log-group:/aws/lambda/\${aws:PrincipalTag/cordon-quarantined-2, 'no!function'}",
            "arn:<AWS::Partition>:logs:*:<AWS::AccountId>:log-group:/aws/lambda/\${aws:PrincipalTag/cordon-quarantined-2, 'no!function'}:*",
          ],
        },
        {
          "Condition": {
            "StringLike": {
              "aws:userid": "*:\${aws:PrincipalTag/cordon-quarantined-2, 'no!function'}",
            },
          },
          "Effect": "Deny",
          "NotAction": [
            "logs:CreateLogStream",
            "logs:PutLogEvents",
          ],
          "Resource": "*",
        },
        {
          "Action": [
            "logs:CreateLogStream",
            "logs:PutLogEvents",
          ],
          "Condition": {
            "StringLike": {
              "aws:userid": "*:\${aws:PrincipalTag/cordon-quarantined-2, 'no!function'}",
            },
          },
          "Effect": "Deny",
          "NotResource": [
            "arn:<AWS::Partition>:logs:*:<AWS::AccountId>:log-group:/aws/lambda/\${aws:PrincipalTag/cordon-quarantined-2, 'no!function'}",
            "arn:<AWS::Partition>:logs:*:<AWS::AccountId>:log-group:/aws/lambda/\${aws:PrincipalTag/cordon-quarantined-2, 'no!function'}:*",
          ],
        },
        {
          "Condition": {
            "ArnLike": {
              "lambda:SourceFunctionArn": "arn:<AWS::Partition>:lambda:*:<AWS::AccountId>:function:\${aws:PrincipalTag/cordon-quarantined-3, 'no!function'}",
            },
          },
          "Effect": "Deny",
          "NotAction": [
            "logs:CreateLogStream",
            "logs:PutLogEvents",
          ],
          "Resource": "*",
        },
        {
          "Action": [
            "logs:CreateLogStream",
            "logs:PutLogEvents",
          ],
          "Condition": {
            "ArnLike": {
              "lambda:SourceFunctionArn": "arn:<AWS::Partition>:lambda:*:<AWS::AccountId>:function:\${aws:PrincipalTag/cordon-quarantined-3, 'no!function'}",
            },
          },
          "Effect": "Deny",
          "NotResource": [
            "arn:<AWS::Partition>:logs:*:<AWS::AccountId>:log-group:/aws/lambda/\${aws:PrincipalTag/cordon-quarantined-3, 'no!function'}",
            "arn:<AWS::Partition>:logs:*:<AWS::AccountId>:log-group:/aws/lambda/\${aws:PrincipalTag/cordon-quarantined-3, 'no!function'}:*",
          ],
        },
        {
          "Condition": {
            "StringLike": {
              "aws:userid": "*:\${aws:PrincipalTag/cordon-quarantined-3, 'no!function'}",
            },
          },
          "Effect": "Deny",
          "NotAction": [
            "logs:CreateLogStream",
            "logs:PutLogEvents",
          ],
          "Resource": "*",
        },
        {
          "Action": [
            "logs:CreateLogStream",
            "logs:PutLogEvents",
          ],
          "Condition": {
            "StringLike": {
              "aws:userid": "*:\${aws:PrincipalTag/cordon-quarantined-3, 'no!function'}",
            },
          },
          "Effect": "Deny",
          "NotResource": [
            "arn:<AWS::Partition>:logs:*:<AWS::AccountId>:log-group:/aws/lambda/\${aws:PrincipalTag/cordon-quarantined-3, 'no!function'}",
            "arn:<AWS::Partition>:logs:*:<AWS::AccountId>:log-group:/aws/lambda/\${aws:PrincipalTag/cordon-quarantined-3, 'no!function'}:*",
          ],
        },
      ],
      "Version": "2012-10-17",
    }
  `);
});

it('both fit into a managed policy, in the partition with the longest name', () => {
  for (const one of [rolePolicy, functionPolicy])
    expect(real(at(one, 'PolicyDocument') ?? {}).length).toBeLessThan(6144);
});

describe('an independent evaluator agrees:', () => {
  const culprit = `arn:aws:lambda:eu-west-1:${account}:function:culprit`;
  const neighbour = `arn:aws:lambda:eu-west-1:${account}:function:neighbour`;
  const document = (value: Json): unknown =>
    JSON.parse(real(at(value, 'PolicyDocument') ?? {}).replaceAll('aws-us-gov', 'aws'));
  const everything = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  };

  const decide = async ({
    session,
    from,
    tag,
    action = 's3:GetObject',
    group = `/aws/lambda/${session}`,
  }: {
    session: string;
    from?: string;
    tag?: string;
    action?: string;
    group?: string;
  }) => {
    const { resultType, ...rest } = await runSimulation(
      {
        request: {
          principal: `arn:aws:sts::${account}:assumed-role/shared/${session}`,
          action,
          resource: {
            resource:
              action === 's3:GetObject'
                ? 'arn:aws:s3:::bucket/key'
                : `arn:aws:logs:eu-west-1:${account}:log-group:${group}:log-stream:s`,
            accountId: account,
          },
          contextVariables: {
            'aws:userid': `AROAEXAMPLE:${session}`,
            ...(from !== undefined && { 'lambda:SourceFunctionArn': from }),
            ...(tag !== undefined && { 'aws:PrincipalTag/cordon-quarantined-2': tag }),
          },
        },
        identityPolicies: [
          { name: 'everything', policy: everything },
          { name: 'quarantine', policy: document(functionPolicy) },
        ],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
      },
      {},
    );
    return resultType === 'single' && 'result' in rest
      ? rest.result.analysis.result
      : { resultType, rest };
  };

  it.each([
    [
      'the quarantined function is denied',
      { session: 'culprit', from: culprit, tag: 'culprit' },
      'ExplicitlyDenied',
    ],
    [
      'its credentials are denied outside Lambda',
      { session: 'culprit', tag: 'culprit' },
      'ExplicitlyDenied',
    ],
    [
      'its log lines keep coming',
      { session: 'culprit', from: culprit, tag: 'culprit', action: 'logs:PutLogEvents' },
      'Allowed',
    ],
    [
      'it writes into no log group of another',
      {
        session: 'culprit',
        from: culprit,
        tag: 'culprit',
        action: 'logs:PutLogEvents',
        group: '/aws/lambda/neighbour',
      },
      'ExplicitlyDenied',
    ],
    [
      'its neighbour keeps working',
      { session: 'neighbour', from: neighbour, tag: 'culprit' },
      'Allowed',
    ],
    ['without a tag nobody is denied', { session: 'culprit', from: culprit }, 'Allowed'],
    [
      'a name that only ends alike is not denied',
      { session: 'not-the-culprit', from: `${culprit}-2`, tag: 'culprit' },
      'Allowed',
    ],
  ])('%s', async (_sentence, call, wanted) => {
    expect(await decide(call)).toBe(wanted);
  });
});
