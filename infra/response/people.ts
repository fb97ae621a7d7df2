import { Duration } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import {
  AccountRootPrincipal,
  ArnPrincipal,
  CompositePrincipal,
  type IPrincipal,
  PolicyDocument,
  type PolicyStatement,
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
import {
  allow,
  denyQuestions,
  executionsOf,
  onlyCustodyWrites,
  readCases,
  readEvidence,
} from './people-statements.ts';

export interface PeopleProps {
  readonly config: Config;
  readonly cases: CaseTable;
  readonly evidence: EvidenceStore;
  readonly signingKey: Key;
  readonly incident: StateMachine;
  readonly release: StateMachine;
  readonly lateAnswer: StateMachine;
  readonly drillBus: EventBus;
  /** Records who reads evidence and why. */
  readonly custody: LambdaFunction;
}

interface PersonRole {
  readonly roleName: string;
  readonly principals: readonly string[];
  readonly description: string;
  readonly policies: Readonly<Record<string, PolicyStatement[]>>;
}

/** The four roles that people take: to rehearse, to release, to read, to audit. */
export class People extends Construct {
  readonly drill: Role;
  readonly release: Role;
  readonly reader: Role;
  readonly auditor: Role;

  constructor(scope: Construct, id: string, props: PeopleProps) {
    super(scope, id);
    this.drill = this.drillRole(props);
    this.release = this.releaseRole(props);
    this.reader = this.readerRole(props);
    this.auditor = this.auditorRole(props);
    onlyCustodyWrites(props.custody, props.evidence);
    acknowledgeAnswers(this.release, props);
    for (const role of [this.reader, this.auditor]) acknowledgeEvidenceReads(role, props.evidence);
  }

  private drillRole({ config, drillBus }: PeopleProps): Role {
    return this.role('Drill', {
      roleName: names(config.policySuffix).drillRole,
      principals: config.drillPrincipals,
      description: 'Cordon: rehearses findings on the drill bus and drives the canaries',
      policies: { PutFindings: [allow(['events:PutEvents'], drillBus.eventBusArn)] },
    });
  }

  private releaseRole({ config, cases, incident, release, lateAnswer }: PeopleProps): Role {
    return this.role('Release', {
      roleName: names(config.policySuffix).releaseRole,
      principals: config.releasePrincipals,
      description: 'Cordon: approves and releases containment',
      policies: {
        Release: [
          allow(['states:StartExecution'], release.stateMachineArn),
          allow(['states:DescribeExecution'], executionsOf(release)),
        ],
        Approve: [
          allow(['states:SendTaskSuccess'], '*'),
          allow(['states:StartExecution'], lateAnswer.stateMachineArn),
          allow(['states:DescribeExecution'], executionsOf(lateAnswer)),
          allow(['states:DescribeExecution'], executionsOf(incident)),
        ],
        ReadCases: readCases(cases),
      },
    });
  }

  private readerRole({ config, cases, evidence, signingKey }: PeopleProps): Role {
    return this.role('Reader', {
      roleName: names(config.policySuffix).readerRole,
      principals: config.readerPrincipals,
      description: 'Cordon: reads incidents and their evidence',
      policies: {
        ReadCases: [...readCases(cases), denyQuestions(cases)],
        ReadEvidence: readEvidence(evidence, signingKey),
      },
    });
  }

  private auditorRole({ config, evidence, signingKey, custody }: PeopleProps): Role {
    return this.role('Auditor', {
      roleName: names(config.policySuffix).auditorRole,
      principals: config.auditorPrincipals,
      description: 'Cordon: reads evidence, and writes down that it did',
      policies: {
        ReadEvidence: readEvidence(evidence, signingKey),
        WriteCustody: [allow(['lambda:InvokeFunction'], custody.functionArn)],
      },
    });
  }

  private role(id: string, { principals, policies, ...props }: PersonRole): Role {
    return new Role(this, id, {
      ...props,
      path,
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

const acknowledgeAnswers = (role: Role, { incident, release, lateAnswer }: PeopleProps): void =>
  acknowledgeWildcards(role, [
    [
      '*',
      'Answering a task token has no resource type; the token itself is the right to ' +
        'answer, and it is in the case table only.',
    ],
    ...[incident, release, lateAnswer].map(
      (machine) =>
        [
          executionsOf(machine),
          'Step Functions names executions; the machine before the wildcard is one.',
        ] as const,
    ),
  ]);

const acknowledgeEvidenceReads = (role: Role, { both }: EvidenceStore): void =>
  acknowledgeWildcards(
    role,
    both.map(
      (bucket) =>
        [
          bucket.arnForObjects('incidents/*'),
          'An auditor may read every incident, and nothing outside incidents/.',
        ] as const,
    ),
  );
