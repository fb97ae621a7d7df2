import { Aws } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { denyEverybody } from '../shared/deny.ts';
import { via } from '../shared/grants.ts';
import type { EvidenceStore } from './evidence-store.ts';

/** A case table as a policy names it; in this stack, or as another stack knows it. */
export interface CasesToRead {
  readonly table: { readonly tableArn: string };
  /** The table and its index. */
  readonly resources: readonly string[];
  readonly key: { readonly keyArn: string };
}

/** The evidence buckets as a policy names them. */
export interface EvidenceToRead {
  readonly both: readonly {
    readonly bucketArn: string;
    readonly arnForObjects: (pattern: string) => string;
  }[];
  readonly key: { readonly keyArn: string };
}

export const allow = (
  actions: string[],
  resource: string,
  conditions?: Record<string, Record<string, string>>,
) => new PolicyStatement({ actions, resources: [resource], ...(conditions && { conditions }) });

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
      denyEverybody({
        sid: 'OnlyItsFunctionWritesCustody',
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects('incidents/*/custody/*')],
        conditions: { ArnNotEquals: { 'aws:PrincipalArn': role.roleArn } },
      }),
    );
};

export const readCases = ({ resources, key }: CasesToRead): PolicyStatement[] => [
  new PolicyStatement({
    actions: ['dynamodb:GetItem', 'dynamodb:Query'],
    resources: [...resources],
  }),
  allow(['kms:Decrypt'], key.keyArn, via('dynamodb')),
];

/**
 * The token with which a wait is ended lies in an item of its own, and is for those who may answer.
 */
export const denyQuestions = ({ table }: CasesToRead): PolicyStatement =>
  new PolicyStatement({
    effect: Effect.DENY,
    actions: ['dynamodb:GetItem', 'dynamodb:Query'],
    resources: [table.tableArn],
    conditions: { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': 'QUESTION#*' } },
  });

export const readEvidence = (
  { both, key }: EvidenceToRead,
  signingKey: { readonly keyArn: string },
): PolicyStatement[] => [
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
