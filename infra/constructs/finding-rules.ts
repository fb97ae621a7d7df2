import { Aws, Duration } from 'aws-cdk-lib';
import { CfnEventBusPolicy, CfnRule, EventBus } from 'aws-cdk-lib/aws-events';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { path } from '../names.ts';

/** Who says so. Nothing else about the two kinds of finding differs. */
export const drillSource = 'cordon.drill';
const onlyTheDrillRole = 'OnlyTheDrillRole';
const detailType = 'GuardDuty Finding';

export interface FindingRulesProps {
  readonly machine: IStateMachine;
  readonly deadLetters: IQueue;
  readonly drillBusName: string;
  readonly drillRoleName: string;
}

/** The two doors: GuardDuty's findings from the default bus, drills from a bus of their own. */
export class FindingRules extends Construct {
  readonly drillBus: EventBus;
  readonly rules: readonly CfnRule[];

  constructor(scope: Construct, id: string, { machine, deadLetters, drillBusName, drillRoleName }: FindingRulesProps) {
    super(scope, id);
    this.drillBus = new EventBus(this, 'DrillBus', { eventBusName: drillBusName, description: 'Cordon: rehearsed findings' });
    new CfnEventBusPolicy(this, 'DrillBusPolicy', {
      eventBusName: this.drillBus.eventBusName,
      statementId: onlyTheDrillRole,
      statement: onlyBy(drillRoleName, this.drillBus.eventBusArn).toStatementJson(),
    });
    const role = new Role(this, 'Role', {
      path,
      description: 'Cordon: hands findings to the incident response',
      assumedBy: new ServicePrincipal('events.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } }),
      inlinePolicies: {
        Start: new PolicyDocument({ statements: [new PolicyStatement({ actions: ['states:StartExecution'], resources: [machine.stateMachineArn] })] }),
      },
    });
    const target = { machine, deadLetters, role };
    this.rules = [
      new CfnRule(this, 'Findings', {
        description: 'Cordon: GuardDuty findings',
        eventPattern: { source: ['aws.guardduty'], 'detail-type': [detailType] },
        targets: [targetOf({ ...target, drill: false })],
      }),
      new CfnRule(this, 'Drills', {
        description: 'Cordon: drills',
        eventBusName: this.drillBus.eventBusName,
        eventPattern: { source: [drillSource], 'detail-type': [detailType] },
        targets: [targetOf({ ...target, drill: true })],
      }),
    ];
    for (const rule of this.rules) deadLetters.addToResourcePolicy(mayLeaveLetters(deadLetters, rule.attrArn));
  }
}

/** The event goes along whole, and what kind it is comes from the rule: an event cannot claim to be the other kind. */
const targetOf = ({ machine, deadLetters, role, drill }: { machine: IStateMachine; deadLetters: IQueue; role: Role; drill: boolean }) => ({
  id: 'IncidentResponse',
  arn: machine.stateMachineArn,
  roleArn: role.roleArn,
  inputTransformer: { inputTemplate: `{"drill": ${drill}, "event": <aws.events.event.json>}` },
  deadLetterConfig: { arn: deadLetters.queueArn },
  // Containing a day later would surprise everybody: after an hour a person decides.
  retryPolicy: { maximumEventAgeInSeconds: Duration.hours(1).toSeconds(), maximumRetryAttempts: 30 },
});

const onlyBy = (drillRoleName: string, bus: string): PolicyStatement =>
  new PolicyStatement({
    sid: onlyTheDrillRole,
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['events:PutEvents'],
    resources: [bus],
    conditions: { ArnNotEquals: { 'aws:PrincipalArn': `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role${path}${drillRoleName}` } },
  });

const mayLeaveLetters = (queue: IQueue, ruleArn: string): PolicyStatement =>
  new PolicyStatement({
    principals: [new ServicePrincipal('events.amazonaws.com')],
    actions: ['sqs:SendMessage'],
    resources: [queue.queueArn],
    conditions: { ArnEquals: { 'aws:SourceArn': ruleArn } },
  });
