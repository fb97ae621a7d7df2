import { Aws, Duration } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import {
  ArnPrincipal,
  CompositePrincipal,
  type Conditions,
  type IPrincipal,
  PolicyDocument,
  type PolicyStatement,
  PrincipalWithConditions,
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
import { ConsolePeople } from './console-people.ts';
import type { EvidenceStore } from './evidence-store.ts';
import {
  allow,
  denyQuestions,
  executionsOf,
  onlyCustodyWrites,
  readCases,
  readEvidence,
} from './people-statements.ts';
import type { ProofKeys } from './proof-keys.ts';

export interface PeopleProps {
  readonly config: Config;
  readonly cases: CaseTable;
  readonly evidence: EvidenceStore;
  readonly signingKey: Key;
  readonly proofKeys: ProofKeys;
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
  readonly requiresMfa: boolean;
  readonly description: string;
  readonly policies: Readonly<Record<string, PolicyStatement[]>>;
}

/** The roles that people take: to rehearse, to approve, to release, to read, to audit. */
export class People extends Construct {
  readonly drill: Role;
  readonly approve: Role;
  readonly release: Role;
  readonly reader: Role;
  readonly auditor: Role;
  /** Missing where no console is deployed. */
  readonly console: ConsolePeople | undefined;

  constructor(scope: Construct, id: string, props: PeopleProps) {
    super(scope, id);
    this.drill = this.drillRole(props);
    this.approve = this.approveRole(props);
    this.release = this.releaseRole(props);
    this.reader = this.readerRole(props);
    this.auditor = this.auditorRole(props);
    this.console = this.consolePeople(props);
    onlyCustodyWrites(props.custody, props.evidence);
    acknowledgeAnswers(this.approve, props);
    acknowledgeExecutions(this.release, [props.release]);
    for (const role of [this.reader, this.auditor]) acknowledgeEvidenceReads(role, props.evidence);
  }

  private drillRole({ config, drillBus, proofKeys }: PeopleProps): Role {
    return this.role('Drill', {
      roleName: names(config.policySuffix).drillRole,
      principals: config.drillPrincipals,
      requiresMfa: config.requireMfa.includes('drill'),
      description: 'Cordon: rehearses findings on the drill bus and drives the canaries',
      policies: {
        PutFindings: [allow(['events:PutEvents'], drillBus.eventBusArn)],
        ProveFindings: [allow(['kms:GenerateMac'], proofKeys.arns.drill)],
      },
    });
  }

  private consolePeople(props: PeopleProps): ConsolePeople | undefined {
    if (!props.config.console.deploy) return undefined;
    const people = new ConsolePeople(this, 'Console', {
      suffix: props.config.policySuffix,
      approving: approving(props),
      releasing: releasing(props),
    });
    acknowledgeAnswers(people.approve, props);
    acknowledgeExecutions(people.release, [props.release]);
    return people;
  }

  private approveRole(props: PeopleProps): Role {
    const { config } = props;
    return this.role('Approve', {
      roleName: names(config.policySuffix).approveRole,
      principals: config.approvePrincipals,
      requiresMfa: config.requireMfa.includes('approve'),
      description: 'Cordon: answers whether a workload is contained',
      policies: approving(props),
    });
  }

  private releaseRole(props: PeopleProps): Role {
    const { config } = props;
    return this.role('Release', {
      roleName: names(config.policySuffix).releaseRole,
      principals: config.releasePrincipals,
      requiresMfa: config.requireMfa.includes('release'),
      description: 'Cordon: releases what is contained',
      policies: releasing(props),
    });
  }

  private readerRole({ config, cases, evidence, signingKey }: PeopleProps): Role {
    return this.role('Reader', {
      roleName: names(config.policySuffix).readerRole,
      principals: config.readerPrincipals,
      requiresMfa: config.requireMfa.includes('reader'),
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
      requiresMfa: config.requireMfa.includes('auditor'),
      description: 'Cordon: reads evidence, and writes down that it did',
      policies: {
        ReadEvidence: readEvidence(evidence, signingKey),
        WriteCustody: [allow(['lambda:InvokeFunction'], custody.functionArn)],
      },
    });
  }

  private role(id: string, { principals, requiresMfa, policies, ...props }: PersonRole): Role {
    return new Role(this, id, {
      ...props,
      path,
      assumedBy: trusted(principals, requiresMfa),
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

const approving = ({ cases, proofKeys, incident, lateAnswer }: PeopleProps) => ({
  Approve: [
    allow(['states:SendTaskSuccess'], '*'),
    allow(['kms:GenerateMac'], proofKeys.arns.answer),
    allow(['states:StartExecution'], lateAnswer.stateMachineArn),
    allow(['states:DescribeExecution'], executionsOf(lateAnswer)),
    allow(['states:DescribeExecution'], executionsOf(incident)),
  ],
  ReadCases: readCases(cases),
});

const releasing = ({ cases, proofKeys, release }: PeopleProps) => ({
  Release: [
    allow(['states:StartExecution'], release.stateMachineArn),
    allow(['states:DescribeExecution'], executionsOf(release)),
    allow(['kms:GenerateMac'], proofKeys.arns.release),
  ],
  ReadCases: [...readCases(cases), denyQuestions(cases)],
});

/**
 * The ARN of a root user stands for its whole account, unless a condition says that it is meant.
 */
const onlyRoot = (arn: string) => ({ ArnEquals: { 'aws:PrincipalArn': arn } });

const exactly = (arn: string, mfa: Conditions): PrincipalWithConditions =>
  new PrincipalWithConditions(new ArnPrincipal(arn), {
    ...(arn.endsWith(':root') && onlyRoot(arn)),
    ...mfa,
  });

const rootUser = `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:root`;

/** Exactly the named principals; where none is named, the root user, which a local run is. */
const trusted = (arns: readonly string[], requiresMfa: boolean): IPrincipal => {
  const mfa = requiresMfa ? { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } : {};
  return new CompositePrincipal(
    ...(arns.length > 0 ? arns : [rootUser]).map((arn) => exactly(arn, mfa)),
  );
};

const acknowledgeExecutions = (role: Role, machines: readonly StateMachine[]): void =>
  acknowledgeWildcards(
    role,
    machines.map((machine) => [
      executionsOf(machine),
      'Step Functions names executions; the machine before the wildcard is one.',
    ]),
  );

const acknowledgeAnswers = (role: Role, { incident, lateAnswer }: PeopleProps): void => {
  acknowledgeWildcards(role, [
    [
      '*',
      'Answering a task token has no resource type; the answer is believed with a proof that ' +
        'only this role can make.',
    ],
  ]);
  acknowledgeExecutions(role, [incident, lateAnswer]);
};

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
