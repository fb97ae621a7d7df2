// Two independent evaluators must agree on every policy that containment relies on.
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { runUnsafeSimulation } from '@cloud-copilot/iam-simulate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Engine, startEngine } from './engine.ts';
import { account, allow, assume, makeRole, outcome, policy, type Statement } from './world.ts';

const slot = "${aws:PrincipalTag/cordon-quarantined-1, 'none'}";
const deny = (Condition: NonNullable<Statement['Condition']>): Statement => ({
  Effect: 'Deny',
  NotAction: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: '*',
  Condition,
});
const byUserId = deny({ StringLike: { 'aws:userid': `*:${slot}` } });
const byFunction = deny({
  ArnLike: { 'lambda:SourceFunctionArn': `arn:aws:lambda:us-east-1:${account}:function:${slot}` },
});
const tagged = (value: string) => ({ 'cordon-quarantined-1': value });

interface Case {
  readonly title: string;
  readonly denied: boolean;
  readonly statements: readonly Statement[];
  readonly tags: Record<string, string>;
  readonly session: string;
  readonly key?: string;
}

const cases: readonly Case[] = [
  {
    title: 'the culprit of a shared role',
    denied: true,
    statements: [byUserId, byFunction],
    tags: tagged('scan'),
    session: 'scan',
  },
  {
    title: 'its neighbour',
    denied: false,
    statements: [byUserId, byFunction],
    tags: tagged('scan'),
    session: 'products',
  },
  {
    title: 'a name that only begins the same',
    denied: false,
    statements: [byUserId],
    tags: tagged('scan'),
    session: 'scan-2',
  },
  {
    title: 'a role without tags',
    denied: false,
    statements: [byUserId, byFunction],
    tags: {},
    session: 'scan',
  },
  {
    title: 'a session named like the default',
    denied: true,
    statements: [byUserId],
    tags: {},
    session: 'none',
  },
  {
    title: 'a wildcard in the tag',
    denied: false,
    statements: [byUserId],
    tags: tagged('*'),
    session: 'scan',
  },
  {
    title: 'a deny on every other session',
    denied: false,
    statements: [deny({ StringNotLike: { 'aws:userid': `*:${slot}` } })],
    tags: tagged('scan'),
    session: 'scan',
  },
  {
    title: 'a deny on the role',
    denied: true,
    statements: [
      deny({ ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/app/r*` } }),
    ],
    tags: {},
    session: 's',
  },
  {
    title: 'a deny on the session as if it were the role',
    denied: false,
    statements: [
      deny({ ArnEquals: { 'aws:PrincipalArn': `arn:aws:sts::${account}:assumed-role/*` } }),
    ],
    tags: {},
    session: 's',
  },
  {
    title: 'a deny when the tag is there',
    denied: true,
    statements: [deny({ Null: { 'aws:PrincipalTag/cordon-quarantined-1': 'false' } })],
    tags: tagged('x'),
    session: 's',
  },
  {
    title: 'a deny when the tag is not there',
    denied: false,
    statements: [deny({ Null: { 'aws:PrincipalTag/cordon-quarantined-1': 'true' } })],
    tags: tagged('x'),
    session: 's',
  },
  {
    title: 'a deny on objects of the tag',
    denied: true,
    statements: [{ Effect: 'Deny', Action: 's3:*', Resource: `arn:aws:s3:::docs/${slot}/*` }],
    tags: tagged('a'),
    session: 's',
  },
  {
    title: 'a deny on other objects',
    denied: false,
    statements: [{ Effect: 'Deny', Action: 's3:*', Resource: `arn:aws:s3:::docs/${slot}/*` }],
    tags: tagged('b'),
    session: 's',
  },
  {
    title: 'a variable without a value',
    denied: false,
    statements: [
      { Effect: 'Deny', Action: 's3:*', Resource: 'arn:aws:s3:::docs/${aws:PrincipalTag/team}*' },
    ],
    tags: {},
    session: 's',
  },
  {
    title: 'a literal star',
    denied: false,
    statements: [{ Effect: 'Deny', Action: 's3:*', Resource: 'arn:aws:s3:::docs/${*}/x' }],
    tags: {},
    session: 's',
  },
];

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
  const s3 = new S3Client(engine.client());
  await s3.send(new CreateBucketCommand({ Bucket: 'docs' }));
  await s3.send(new PutObjectCommand({ Bucket: 'docs', Key: 'a/x', Body: 'x' }));
});
afterAll(() => engine.stop());

test.for(cases.map((policyCase, index) => ({ ...policyCase, role: `r${index}` })))(
  '$title is denied: $denied',
  async ({ denied, statements, tags, session, role }) => {
    const granted = [allow('s3:GetObject'), ...statements];
    const arn = await makeRole(engine, role, granted, {
      path: '/app/',
      tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    });
    const keys = await assume(engine, arn, session);
    const { UserId = '' } = await new STSClient(engine.client(keys)).send(
      new GetCallerIdentityCommand({}),
    );

    const simulated = runUnsafeSimulation(
      {
        request: {
          principal: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
          action: 's3:GetObject',
          resource: { resource: 'arn:aws:s3:::docs/a/x', accountId: account },
          contextVariables: {
            'aws:userid': UserId,
            'aws:PrincipalArn': arn,
            ...Object.fromEntries(
              Object.entries(tags).map(([name, value]) => [`aws:PrincipalTag/${name}`, value]),
            ),
          },
        },
        identityPolicies: [{ name: 'p', policy: JSON.parse(policy(...granted)) }],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
      },
      {},
    );
    const measured = await outcome(
      new S3Client(engine.client(keys)).send(new GetObjectCommand({ Bucket: 'docs', Key: 'a/x' })),
    );

    expect({ engine: measured, evaluator: simulated }).toEqual(
      denied
        ? { engine: 'AccessDenied', evaluator: 'ExplicitlyDenied' }
        : { engine: 'ok', evaluator: 'Allowed' },
    );
  },
);
