import { runSimulation } from '@cloud-copilot/iam-simulate';
import { describe, expect, it } from 'vitest';
import {
  controlPolicies,
  defaultDeployers,
  longestPolicy,
} from '../../../operator/control-policy.ts';

const account = '111122223333';
const everything = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};
/** A key that leaves its use to the policies of the account. */
const keyPolicy = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
};
type Context = Readonly<Record<string, string | string[]>>;
const admin = `arn:aws:iam::${account}:role/Administrator`;
const deployer = `arn:aws:iam::${account}:role/cdk-hnb659fds-cfn-exec-role-${account}-eu-west-1`;
const contain = `arn:aws:iam::${account}:role/cordon/ContainmentLambda`;
const arn = (service: string, name: string) => `arn:aws:${service}:eu-west-1:${account}:${name}`;

/** What an evaluator of its own says to a caller whose own policy allows everything. */
const verdict = async (
  principal: string,
  action: string,
  resource: string,
  context: Context = {},
): Promise<string> => {
  const said = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: account },
        contextVariables: { 'aws:PrincipalArn': principal, ...context },
      },
      identityPolicies: [{ name: 'everything', policy: everything }],
      serviceControlPolicies: [
        {
          orgIdentifier: 'ou-cordon',
          policies: [
            { name: 'FullAWSAccess', policy: everything },
            ...controlPolicies(defaultDeployers).map(({ name, document }) => ({
              name,
              policy: JSON.parse(document),
            })),
          ],
        },
      ],
      resourceControlPolicies: [],
      ...(resource.includes(':kms:') && { resourcePolicy: keyPolicy }),
    },
    {},
  );
  if (said.resultType === 'error') throw new Error(`${action}: ${JSON.stringify(said.errors)}`);
  return said.overallResult === 'Allowed' ? 'allowed' : 'denied';
};

const policyArn = `arn:aws:iam::${account}:policy/cordon/CordonQuarantineRole`;
const shopRole = `arn:aws:iam::${account}:role/shop`;

const attempts: readonly (readonly [string, string, Context?])[] = [
  ['events:DisableRule', arn('events', 'rule/CordonResponse-FindingRulesFindings-1')],
  ['events:PutTargets', arn('events', 'rule/cordon-drills/CordonResponse-Drills-1')],
  ['states:UpdateStateMachine', arn('states', 'stateMachine:MachinesIncidentMachine12-ab')],
  ['lambda:UpdateFunctionCode', arn('lambda', 'function:ContainmentLambda')],
  ['lambda:PutFunctionConcurrency', arn('lambda', 'function:TamperLambda')],
  [
    'lambda:UpdateEventSourceMapping',
    arn('lambda', 'event-source-mapping:a-b'),
    { 'lambda:FunctionArn': arn('lambda', 'function:TamperLambda') },
  ],
  ['sns:Unsubscribe', arn('sns', 'CordonResponse-AlertsTopic-1')],
  ['sns:SetTopicAttributes', arn('sns', 'CordonResponse-AlertsTopic-1')],
  ['sqs:PurgeQueue', arn('sqs', 'CordonResponse-TamperQueue-1')],
  ['cloudwatch:DeleteAlarms', arn('cloudwatch', 'alarm:CordonResponse-Failed-1')],
  ['iam:PassRole', `arn:aws:iam::${account}:role/cordon/ContainmentLambda`],
  ['iam:UpdateAssumeRolePolicy', `arn:aws:iam::${account}:role/cordon/CordonReleaseRole`],
  ['iam:CreatePolicyVersion', policyArn],
  ['iam:DetachRolePolicy', shopRole, { 'iam:PolicyARN': policyArn }],
  ['kms:PutKeyPolicy', arn('kms', 'key/1'), { 'kms:ResourceAliases': ['alias/cordon/cases'] }],
  ['kms:DisableKey', arn('kms', 'key/1'), { 'kms:ResourceAliases': ['alias/cordon/signing'] }],
  ['s3:PutBucketPolicy', 'arn:aws:s3:::cordonresponse-evidencebucket-1'],
  ['s3:PutBucketObjectLockConfiguration', 'arn:aws:s3:::cordonresponse-evidencebucket-1'],
  ['dynamodb:DeleteResourcePolicy', arn('dynamodb', 'table/CordonResponse-Cases-1')],
  ['dynamodb:UpdateContinuousBackups', arn('dynamodb', 'table/CordonResponse-Cases-1')],
  ['logs:DeleteLogGroup', arn('logs', 'log-group:/aws/lambda/NotifyLambda:*')],
  ['cloudtrail:StopLogging', arn('cloudtrail', 'trail/cordon')],
  ['glue:UpdateTable', arn('glue', 'table/cordon/cloudtrail')],
  ['guardduty:DeleteDetector', arn('guardduty', 'detector/1')],
  ['organizations:LeaveOrganization', '*'],
];

const rows = (given: typeof attempts): [string, string, Context][] =>
  given.map(([action, resource, context = {}]) => [action, resource, context]);

describe('the policies for the organisation', () => {
  it('have a length that AWS takes', () => {
    const lengths = controlPolicies(defaultDeployers).map(({ document }) => document.length);
    expect(lengths.length).toBeLessThanOrEqual(4); // one of the five is FullAWSAccess
    expect(Math.max(...lengths)).toBeLessThanOrEqual(longestPolicy);
  });

  it.each(rows(attempts))(
    'deny %s on %s to an administrator',
    async (action, resource, context) => {
      expect(await verdict(admin, action, resource, context)).toBe('denied');
    },
  );

  it.each(rows(attempts))('let a deployment do %s on %s', async (action, resource, context) => {
    expect(await verdict(deployer, action, resource, context)).toBe('allowed');
  });

  const others: typeof attempts = [
    ['events:DisableRule', arn('events', 'rule/shop')],
    ['lambda:UpdateFunctionCode', arn('lambda', 'function:shop')],
    ['iam:DetachRolePolicy', shopRole, { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/ReadOnly' }],
    ['kms:DisableKey', arn('kms', 'key/2'), { 'kms:ResourceAliases': ['alias/shop'] }],
    ['kms:DisableKey', arn('kms', 'key/3')],
    ['s3:PutBucketPolicy', 'arn:aws:s3:::shop'],
    ['iam:PassRole', shopRole],
  ];
  it.each(rows(others))(
    'leave %s on %s to the administrator',
    async (action, resource, context) => {
      expect(await verdict(admin, action, resource, context)).toBe('allowed');
    },
  );

  it('let Cordon attach and detach its quarantine', async () => {
    const context = { 'iam:PolicyARN': policyArn };
    for (const action of ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'])
      expect(await verdict(contain, action, shopRole, context)).toBe('allowed');
  });
});
