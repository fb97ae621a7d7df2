import { Aws } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { path } from './names.ts';

export interface RuleRoleProps {
  /** The one call that delivers an event, and on what. */
  readonly action: string;
  readonly on: string;
  readonly description: string;
}

/** The role with which the rules of this account deliver events to one target, and nothing else. */
export class RuleRole extends Role {
  constructor(scope: Construct, id: string, { action, on, description }: RuleRoleProps) {
    super(scope, id, {
      path,
      description,
      assumedBy: new ServicePrincipal('events.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      inlinePolicies: {
        Deliver: new PolicyDocument({
          statements: [new PolicyStatement({ actions: [action], resources: [on] })],
        }),
      },
    });
  }
}
