import { CfnResource } from 'aws-cdk-lib';
import { CfnRule, EventBus } from 'aws-cdk-lib/aws-events';
import type { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type DeadLetters, notLaterThanAnHour } from '../shared/dead-letters.ts';
import { denyEverybody, ownRole } from '../shared/deny.ts';
import type { FunctionPolicy } from '../shared/function-policy.ts';
import { RuleRole } from '../shared/rule-role.ts';

/** The source of rehearsed findings. Nothing else about the two kinds of finding differs. */
export const drillSource = 'cordon.drill';
const onlyTheDrillRole = 'OnlyTheDrillRole';
const detailType = 'GuardDuty Finding';
/** What GuardDuty publishes. An event that another region has forwarded keeps its source. */
export const findingPattern = { source: ['aws.guardduty'], 'detail-type': [detailType] };
const resultType = 'Drill Result';

export interface FindingRulesProps {
  readonly machine: IStateMachine;
  /** Tells the security team how a drill went. */
  readonly notifier: IFunction;
  readonly notifierPolicy: FunctionPolicy;
  readonly deadLetters: DeadLetters;
  readonly drillBusName: string;
  /** The names of the roles that may send drills. */
  readonly drillRoles: readonly string[];
}

/** The entry points: GuardDuty's findings on the default bus, drills on a bus of their own. */
export class FindingRules extends Construct {
  readonly drillBus: EventBus;
  readonly rules: readonly CfnRule[];

  constructor(scope: Construct, id: string, props: FindingRulesProps) {
    super(scope, id);
    const { machine, deadLetters, drillBusName, drillRoles } = props;
    this.drillBus = new EventBus(this, 'DrillBus', {
      eventBusName: drillBusName,
      description: 'Cordon: rehearsed findings',
    });
    // The library's own class for this type warns at each synth about a property that is not used
    // here.
    new CfnResource(this, 'DrillBusPolicy', {
      type: 'AWS::Events::EventBusPolicy',
      properties: {
        EventBusName: this.drillBus.eventBusName,
        StatementId: onlyTheDrillRole,
        Statement: onlyBy(drillRoles, this.drillBus.eventBusArn).toStatementJson(),
      },
    });
    const description = 'Cordon: hands findings to the incident response';
    const role = new RuleRole(this, 'Role', {
      action: 'states:StartExecution',
      on: machine.stateMachineArn,
      description,
    });
    const target = { machine, deadLetters, role };
    this.rules = [
      new CfnRule(this, 'Findings', {
        description: 'Cordon: GuardDuty findings',
        eventPattern: findingPattern,
        targets: [targetOf({ ...target, drill: false })],
      }),
      new CfnRule(this, 'Drills', {
        description: 'Cordon: drills',
        eventBusName: this.drillBus.eventBusName,
        eventPattern: { source: [drillSource], 'detail-type': [detailType] },
        targets: [targetOf({ ...target, drill: true })],
      }),
      this.results(props),
    ];
    for (const rule of this.rules) deadLetters.acceptFrom(rule);
  }

  /**
   * How a drill went. The rule says what the notifier is called for, and only this rule may call
   * it: an event cannot ask for another mail.
   */
  private results({ notifier, notifierPolicy, deadLetters }: FindingRulesProps): CfnRule {
    const rule = new CfnRule(this, 'DrillResults', {
      description: 'Cordon: results of drills',
      eventBusName: this.drillBus.eventBusName,
      eventPattern: { source: [drillSource], 'detail-type': [resultType] },
      targets: [
        {
          id: 'Notifier',
          arn: notifier.functionArn,
          inputTransformer: {
            inputTemplate: '{"kind": "drill", "event": <aws.events.event.json>}',
          },
          ...notLaterThanAnHour(deadLetters),
        },
      ],
    });
    notifierPolicy.calledByService('events.amazonaws.com', rule.attrArn);
    return rule;
  }
}

/**
 * The event goes along whole, and what kind it is comes from the rule: an event cannot claim to be
 * the other kind.
 */
const targetOf = ({
  machine,
  deadLetters,
  role,
  drill,
}: {
  machine: IStateMachine;
  deadLetters: DeadLetters;
  role: Role;
  drill: boolean;
}) => ({
  id: 'IncidentResponse',
  arn: machine.stateMachineArn,
  roleArn: role.roleArn,
  inputTransformer: { inputTemplate: `{"drill": ${drill}, "event": <aws.events.event.json>}` },
  ...notLaterThanAnHour(deadLetters),
});

const onlyBy = (roles: readonly string[], bus: string): PolicyStatement =>
  denyEverybody({
    sid: onlyTheDrillRole,
    actions: ['events:PutEvents'],
    resources: [bus],
    conditions: {
      ArnNotEquals: {
        'aws:PrincipalArn': roles.map(ownRole),
      },
    },
  });
