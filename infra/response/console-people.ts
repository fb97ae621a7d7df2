import { Duration } from 'aws-cdk-lib';
import {
  AccountRootPrincipal,
  PolicyDocument,
  PolicyStatement,
  PrincipalWithConditions,
  Role,
} from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ownRole } from '../shared/deny.ts';
import { functionRole, names, path } from '../shared/names.ts';

type Policies = Readonly<Record<string, PolicyStatement[]>>;

export interface ConsolePeopleProps {
  readonly suffix: string;
  /** What the roles of people may that are taken with the command. */
  readonly approving: Policies;
  readonly releasing: Policies;
}

/**
 * The roles that the console takes in the name of the person who is signed in. Only its one
 * function that decides can take them, and it must say for whom: so the name of a session is that
 * of a person, which the name of no other role's session is.
 */
export class ConsolePeople extends Construct {
  readonly approve: Role;
  readonly release: Role;
  /** As the other stack can say it, too. */
  readonly approveArn: string;
  readonly releaseArn: string;
  /** The role of the function that hands out evidence. */
  readonly evidenceArn: string;

  constructor(scope: Construct, id: string, props: ConsolePeopleProps) {
    super(scope, id);
    const { suffix, approving, releasing } = props;
    const { consoleApproveRole, consoleReleaseRole } = names(suffix);
    this.approveArn = ownRole(consoleApproveRole);
    this.releaseArn = ownRole(consoleReleaseRole);
    this.evidenceArn = ownRole(functionRole('ConsoleEvidenceLambda', suffix));
    this.approve = this.role('Approve', {
      roleName: consoleApproveRole,
      suffix,
      description: 'Cordon: answers for a person of the console whether a workload is contained',
      policies: approving,
    });
    this.release = this.role('Release', {
      roleName: consoleReleaseRole,
      suffix,
      description: 'Cordon: releases for a person of the console what is contained',
      policies: releasing,
    });
  }

  private role(
    id: string,
    {
      suffix,
      policies,
      ...props
    }: {
      readonly roleName: string;
      readonly description: string;
      readonly suffix: string;
      readonly policies: Policies;
    },
  ): Role {
    const taker = takerIn(suffix);
    const role = new Role(this, id, {
      ...props,
      path,
      assumedBy: taker,
      maxSessionDuration: Duration.hours(1),
      inlinePolicies: Object.fromEntries(
        Object.entries(policies).map(([key, statements]) => [
          key,
          new PolicyDocument({ statements }),
        ]),
      ),
    });
    role.assumeRolePolicy?.addStatements(
      new PolicyStatement({ actions: ['sts:SetSourceIdentity'], principals: [taker] }),
    );
    return role;
  }
}

/** The one function, which must name the person: a role that it is given later is named before. */
const takerIn = (suffix: string): PrincipalWithConditions =>
  new PrincipalWithConditions(new AccountRootPrincipal(), {
    ArnEquals: { 'aws:PrincipalArn': ownRole(functionRole('ConsoleDecideLambda', suffix)) },
    StringLike: { 'sts:SourceIdentity': '*' },
  });
