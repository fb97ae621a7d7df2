import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountRootPrincipal,
  type Conditions,
  PolicyDocument,
  PolicyStatement,
} from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/**
 * Looking after a key, without using it, and without deleting it: what it encrypted or signed must
 * outlive a mistake.
 */
const care = [
  ...[
    'kms:Describe*',
    'kms:Get*',
    'kms:List*',
    'kms:Put*',
    'kms:Update*',
    'kms:Enable*',
    'kms:Disable*',
    'kms:Revoke*',
  ],
  ...[
    'kms:CreateAlias',
    'kms:DeleteAlias',
    'kms:TagResource',
    'kms:UntagResource',
    'kms:CancelKeyDeletion',
  ],
];
const use = [
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncrypt*',
  'kms:GenerateDataKey*',
  'kms:DescribeKey',
];

/** IAM policies of this account decide who may; no other account can. */
const byIam = (actions: string[], conditions?: Conditions) =>
  new PolicyStatement({
    principals: [new AccountRootPrincipal()],
    actions,
    resources: ['*'],
    ...(conditions && { conditions }),
  });

type Service = 's3' | 'dynamodb' | 'sns' | 'secretsmanager';

export interface ServiceKeyProps {
  readonly description: string;
  readonly alias: string;
  /** The services through which the key may be used; direct use is denied. */
  readonly via: Service | readonly Service[];
  readonly removalPolicy?: RemovalPolicy;
}

const through = (services: readonly Service[]) => ({
  StringEquals: {
    'kms:ViaService': services.map((service) => `${service}.${Aws.REGION}.${Aws.URL_SUFFIX}`),
  },
});

/** A key that encrypts for AWS services and cannot be used around them. */
export class ServiceKey extends Key {
  constructor(
    scope: Construct,
    id: string,
    { description, alias, via, removalPolicy = RemovalPolicy.RETAIN }: ServiceKeyProps,
  ) {
    const services = [via].flat();
    const grants = byIam(['kms:CreateGrant'], {
      ...through(['dynamodb']),
      Bool: { 'kms:GrantIsForAWSResource': 'true' },
    });
    super(scope, id, {
      description,
      alias,
      enableKeyRotation: true,
      rotationPeriod: Duration.days(365),
      removalPolicy,
      policy: new PolicyDocument({
        statements: [
          // What lasts must not become unreadable by a mistake: only a key that goes with its stack
          // can be deleted.
          byIam(
            removalPolicy === RemovalPolicy.DESTROY ? [...care, 'kms:ScheduleKeyDeletion'] : care,
          ),
          byIam(use, through(services)),
          ...(services.includes('dynamodb') ? [grants] : []),
        ],
      }),
    });
  }
}

/** Signs manifests. Its public half verifies them forever, so no policy allows its deletion. */
export class SigningKey extends Key {
  constructor(scope: Construct, id: string, { alias }: { readonly alias: string }) {
    super(scope, id, {
      description: 'Cordon: signs evidence manifests',
      alias,
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
      policy: new PolicyDocument({ statements: [byIam(care), byIam(['kms:Sign', 'kms:Verify'])] }),
    });
  }
}
