import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type DeadLetters, notLaterThanAnHour } from '../shared/dead-letters.ts';
import { RuleRole } from '../shared/rule-role.ts';

/**
 * The calls that can take a containment back, or add to what it must stop. Lambda's names in
 * CloudTrail end with the version of the API.
 */
const calls = [
  ...['AttachRolePolicy', 'DetachRolePolicy', 'PutRolePolicy', 'DeleteRolePolicy'],
  ...['TagRole', 'UntagRole', 'UpdateAssumeRolePolicy', 'DeleteRole', 'CreateRole'],
  ...['DetachUserPolicy', 'CreateAccessKey', 'UpdateAccessKey', 'CreateLoginProfile'],
  ...['DeleteUser', 'CreateUser'],
  ...['PutFunctionConcurrency', 'DeleteFunctionConcurrency', 'PutProvisionedConcurrencyConfig'],
  ...['CreateFunctionUrlConfig', 'UpdateFunctionUrlConfig'],
  ...['CreateEventSourceMapping', 'UpdateEventSourceMapping'],
  ...['CreateFunction', 'UpdateFunctionConfiguration', 'UpdateFunctionCode', 'DeleteFunction'],
];

export interface HoldRulesProps {
  readonly machine: IStateMachine;
  readonly deadLetters: DeadLetters;
  /** The roles with which Cordon itself changes containment: their calls start nothing. */
  readonly own: readonly string[];
}

/** What starts a look at open holds: a call that may have changed one, and the clock. */
export class HoldRules extends Construct {
  constructor(scope: Construct, id: string, { machine, deadLetters, own }: HoldRulesProps) {
    super(scope, id);
    const role = new RuleRole(this, 'Role', {
      action: 'states:StartExecution',
      on: machine.stateMachineArn,
      description: 'Cordon: has open holds checked',
    });
    const target = {
      id: 'HoldWatch',
      arn: machine.stateMachineArn,
      roleArn: role.roleArn,
      ...notLaterThanAnHour(deadLetters),
    };
    const rules = [
      new CfnRule(this, 'Changes', {
        description: 'Cordon: calls that may have taken a containment back',
        eventPattern: {
          source: ['aws.iam', 'aws.lambda'],
          'detail-type': ['AWS API Call via CloudTrail'],
          detail: {
            eventName: calls.map((prefix) => ({ prefix })),
            errorCode: [{ exists: false }],
            // A user has no session, and `anything-but` wants a value.
            $or: [[{ 'anything-but': own }], [{ exists: false }]].map((arn) => ({
              userIdentity: { sessionContext: { sessionIssuer: { arn } } },
            })),
          },
        },
        targets: [
          { ...target, inputTransformer: { inputTemplate: '{"change": <aws.events.event.json>}' } },
        ],
      }),
      new CfnRule(this, 'Hourly', {
        description: 'Cordon: every open hold is checked once an hour',
        scheduleExpression: 'rate(1 hour)',
        targets: [{ ...target, input: '{"sweep": true}' }],
      }),
    ];
    for (const rule of rules) deadLetters.acceptFrom(rule);
  }
}
