import { Aws } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { CaseTable } from './case-table.ts';
import type { EvidenceStore } from './evidence-store.ts';

export const allow = (
  actions: string[],
  resource: string,
  conditions?: Record<string, Record<string, string>>,
) => new PolicyStatement({ actions, resources: [resource], ...(conditions && { conditions }) });

const via = (service: string) => ({
  StringEquals: { 'kms:ViaService': `${service}.${Aws.REGION}.${Aws.URL_SUFFIX}` },
});

export const executionsOf = ({ stateMachineName }: StateMachine): string =>
  `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:execution:${stateMachineName}:*`;

/**
 * Every responder may write evidence; the record of who read it comes from one function only, which
 * signs it.
 */
export const onlyCustodyWrites = ({ role }: LambdaFunction, { both }: EvidenceStore): void => {
  if (!role) throw new Error('the function that writes custody has no role');
  for (const bucket of both)
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OnlyItsFunctionWritesCustody',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects('incidents/*/custody/*')],
        conditions: { ArnNotEquals: { 'aws:PrincipalArn': role.roleArn } },
      }),
    );
};

export const readCases = ({ resources, key }: CaseTable): PolicyStatement[] => [
  new PolicyStatement({
    actions: ['dynamodb:GetItem', 'dynamodb:Query'],
    resources: [...resources],
  }),
  allow(['kms:Decrypt'], key.keyArn, via('dynamodb')),
];

/**
 * The token with which a question is answered lies in an item of its own, and is for those who may
 * answer.
 */
export const denyQuestions = ({ table }: CaseTable): PolicyStatement =>
  new PolicyStatement({
    effect: Effect.DENY,
    actions: ['dynamodb:GetItem', 'dynamodb:Query'],
    resources: [table.tableArn],
    conditions: { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': 'QUESTION#*' } },
  });

export const readEvidence = ({ both, key }: EvidenceStore, signingKey: Key): PolicyStatement[] => [
  ...both.flatMap((bucket) => [
    allow(['s3:ListBucket', 's3:ListBucketVersions'], bucket.bucketArn),
    allow(
      ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectRetention'],
      bucket.arnForObjects('incidents/*'),
    ),
  ]),
  allow(['kms:Decrypt'], key.keyArn, via('s3')),
  allow(['kms:GetPublicKey'], signingKey.keyArn),
];
