import { Aws, Duration } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import {
  AccountRootPrincipal,
  AnyPrincipal,
  ArnPrincipal,
  CompositePrincipal,
  Effect,
  type IPrincipal,
  PolicyDocument,
  PolicyStatement,
  Role,
} from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { acknowledgeWildcards } from '../shared/acknowledge.ts';
import { names, path } from '../shared/names.ts';
import type { CaseTable } from './case-table.ts';
import type { EvidenceStore } from './evidence-store.ts';

export interface PeopleProps {
  readonly config: Config;
  readonly cases: CaseTable;
  readonly evidence: EvidenceStore;
  readonly signingKey: Key;
  readonly incident: StateMachine;
  readonly release: StateMachine;
  readonly drillBus: EventBus;
  /** Records who reads evidence and why. */
  readonly custody: LambdaFunction;
}

/** The four roles that people take: to rehearse, to release, to read, to audit. */
export class People extends Construct {
  readonly drill: Role;
  readonly release: Role;
  readonly reader: Role;
  readonly auditor: Role;

  constructor(scope: Construct, id: string, props: PeopleProps) {
    super(scope, id);
    const { config, cases, evidence, signingKey, incident, release, drillBus, custody } = props;
    const name = names(config.policySuffix);
    this.drill = this.role(
      'Drill',
      name.drillRole,
      config.drillPrincipals,
      'Cordon: rehearses findings on the drill bus and drives the canaries',
      {
        PutFindings: [allow(['events:PutEvents'], drillBus.eventBusArn)],
      },
    );
    this.release = this.role(
      'Release',
      name.releaseRole,
      config.releasePrincipals,
      'Cordon: approves and releases containment',
      {
        Release: [
          allow(['states:StartExecution'], release.stateMachineArn),
          allow(['states:DescribeExecution'], executionsOf(release)),
        ],
        Approve: [
          allow(['states:SendTaskSuccess'], '*'),
          allow(['states:DescribeExecution'], executionsOf(incident)),
        ],
        ReadCases: readCases(cases),
      },
    );
    this.reader = this.role(
      'Reader',
      name.readerRole,
      config.readerPrincipals,
      'Cordon: reads incidents and their evidence',
      {
        ReadCases: [...readCases(cases), denyQuestions(cases)],
        ReadEvidence: readEvidence(evidence, signingKey),
      },
    );
    this.auditor = this.role(
      'Auditor',
      name.auditorRole,
      config.auditorPrincipals,
      'Cordon: reads evidence, and writes down that it did',
      {
        ReadEvidence: readEvidence(evidence, signingKey),
        WriteCustody: [allow(['lambda:InvokeFunction'], custody.functionArn)],
      },
    );
    onlyCustodyWrites(custody, evidence);
    acknowledgeWildcards(this.release, [
      [
        '*',
        'Answering a task token has no resource type; the token itself is the right to ' +
          'answer, and it is in the case table only.',
      ],
      ...[incident, release].map(
        (machine) =>
          [
            executionsOf(machine),
            'Step Functions names executions; the machine before the wildcard is one.',
          ] as const,
      ),
    ]);
    for (const reads of [this.reader, this.auditor])
      acknowledgeWildcards(reads, [
        ...evidence.both.map(
          (bucket) =>
            [
              bucket.arnForObjects('incidents/*'),
              'An auditor may read every incident, and nothing outside incidents/.',
            ] as const,
        ),
      ]);
  }

  private role(
    id: string,
    roleName: string,
    principals: readonly string[],
    description: string,
    policies: Record<string, PolicyStatement[]>,
  ): Role {
    return new Role(this, id, {
      roleName,
      path,
      description,
      assumedBy: trusted(principals),
      maxSessionDuration: Duration.hours(1),
      inlinePolicies: Object.fromEntries(
        Object.entries(policies).map(([key, statements]) => [
          key,
          new PolicyDocument({ statements }),
        ]),
      ),
    });
  }
}

const trusted = (arns: readonly string[]): IPrincipal =>
  arns.length > 0
    ? new CompositePrincipal(...arns.map((arn) => new ArnPrincipal(arn)))
    : new AccountRootPrincipal();

const allow = (
  actions: string[],
  resource: string,
  conditions?: Record<string, Record<string, string>>,
) => new PolicyStatement({ actions, resources: [resource], ...(conditions && { conditions }) });

const via = (service: string) => ({
  StringEquals: { 'kms:ViaService': `${service}.${Aws.REGION}.${Aws.URL_SUFFIX}` },
});

const executionsOf = ({ stateMachineName }: StateMachine): string =>
  `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:execution:${stateMachineName}:*`;

/**
 * Every responder may write evidence; the record of who read it comes from one function only, which
 * signs it.
 */
const onlyCustodyWrites = ({ role }: LambdaFunction, { both }: EvidenceStore): void => {
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

const readCases = ({ resources, key }: CaseTable): PolicyStatement[] => [
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
const denyQuestions = ({ table }: CaseTable): PolicyStatement =>
  new PolicyStatement({
    effect: Effect.DENY,
    actions: ['dynamodb:GetItem', 'dynamodb:Query'],
    resources: [table.tableArn],
    conditions: { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': 'QUESTION#*' } },
  });

const readEvidence = ({ both, key }: EvidenceStore, signingKey: Key): PolicyStatement[] => [
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
