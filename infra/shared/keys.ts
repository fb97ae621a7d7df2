import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountRootPrincipal,
  type Conditions,
  PolicyDocument,
  PolicyStatement,
} from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { ownRole } from './deny.ts';

const looks = ['kms:Describe*', 'kms:Get*', 'kms:List*'];

/**
 * Looking after a key, without using it, and without deleting it: what it encrypted or signed must
 * outlive a mistake.
 */
const care = [
  ...['kms:Put*', 'kms:Update*', 'kms:Enable*', 'kms:Disable*', 'kms:Revoke*'],
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

/**
 * Principals are named in a condition, because a principal of a policy must exist, and these are
 * made after the key.
 */
const only = (arns: readonly string[]): Conditions => ({
  ArnLike: { 'aws:PrincipalArn': [...arns] },
});

type Service = 's3' | 'dynamodb' | 'sns' | 'secretsmanager';

export interface ServiceKeyProps {
  readonly description: string;
  readonly alias: string;
  /** The services through which the key may be used; direct use is denied. */
  readonly via: Service | readonly Service[];
  /** Who may look after the key. */
  readonly deployers: readonly string[];
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
    { description, alias, via, deployers, removalPolicy = RemovalPolicy.RETAIN }: ServiceKeyProps,
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
          byIam(looks),
          byIam(
            removalPolicy === RemovalPolicy.DESTROY ? [...care, 'kms:ScheduleKeyDeletion'] : care,
            only(deployers),
          ),
          byIam(use, through(services)),
          ...(services.includes('dynamodb') ? [grants] : []),
        ],
      }),
    });
  }
}

export interface SigningKeyProps {
  readonly description: string;
  readonly alias: string;
  readonly deployers: readonly string[];
  /** ARNs of the roles that may sign, whatever IAM allows others. */
  readonly signers: readonly string[];
}

/**
 * Signs what leaves the account. Its public half verifies that forever, so no policy allows its
 * deletion.
 */
export class SigningKey extends Key {
  constructor(scope: Construct, id: string, props: SigningKeyProps) {
    const { deployers, signers, ...named } = props;
    super(scope, id, {
      ...named,
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
      policy: new PolicyDocument({
        statements: [
          byIam(looks),
          byIam(care, only(deployers)),
          byIam(['kms:Verify']),
          byIam(['kms:Sign'], only(signers)),
        ],
      }),
    });
  }
}

export interface ProofKeyProps {
  readonly description: string;
  readonly alias: string;
  /** The names of the roles that make proofs, and of those that verify them. */
  readonly makers: readonly string[];
  readonly checkers: readonly string[];
  /** ARNs of who may change the key; `deployersOf` gives them. */
  readonly deployers: readonly string[];
}

/**
 * An HMAC key. IAM policies cannot widen who makes proofs or who verifies them: no other principal
 * gets GenerateMac, a grant, or a change of this policy from it.
 */
export class ProofKey extends Key {
  constructor(scope: Construct, id: string, props: ProofKeyProps) {
    const { makers, checkers, deployers, ...named } = props;
    const own = (names: readonly string[]) => only(names.map(ownRole));
    super(scope, id, {
      ...named,
      keySpec: KeySpec.HMAC_256,
      keyUsage: KeyUsage.GENERATE_VERIFY_MAC,
      removalPolicy: RemovalPolicy.DESTROY,
      policy: new PolicyDocument({
        statements: [
          byIam(looks),
          byIam([...care, 'kms:ScheduleKeyDeletion'], only(deployers)),
          byIam(['kms:GenerateMac'], own(makers)),
          byIam(['kms:VerifyMac'], own(checkers)),
        ],
      }),
    });
  }
}
