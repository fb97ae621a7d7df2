import { Aws, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnFunction, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSubscription, CfnTopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Deployed, DeployedRule } from '../../responders/check/deployed.ts';
import { patternHash } from '../../responders/check/rules.ts';
import { heartbeatCanary } from '../../responders/incident/heartbeat.ts';
import type { Alerts } from '../shared/alerts.ts';
import { type DeadLetters, notLaterThanAnHour } from '../shared/dead-letters.ts';
import type { FunctionPolicy } from '../shared/function-policy.ts';
import { names } from '../shared/names.ts';

export interface SelfCheckProps {
  readonly checker: LambdaFunction;
  readonly policy: FunctionPolicy;
  readonly alerts: Alerts;
  readonly deadLetters: DeadLetters;
  readonly suffix: string;
}

/**
 * Compares the deployment with the account every hour. What is compared is every function, rule,
 * key, topic and policy of the stack, so that nothing can be forgotten.
 */
export class SelfCheck extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { checker, policy, alerts, deadLetters, suffix }: SelfCheckProps,
  ) {
    super(scope, id);
    const name = `${names(suffix).checkRule}${suffix}`;
    // Its own ARN stands in its own input, and would be a circle as a reference.
    const arn = `arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:rule/${name}`;
    const rule: CfnRule = new CfnRule(this, 'Hourly', {
      name,
      description: 'Cordon: compares Cordon with what was deployed',
      scheduleExpression: 'rate(1 hour)',
      targets: [
        {
          id: 'Check',
          arn: checker.functionArn,
          input: Lazy.string({ produce: (): string => this.inputOf(rule, arn) }),
          ...notLaterThanAnHour(deadLetters),
        },
      ],
    });
    policy.calledByService('events.amazonaws.com', arn);
    deadLetters.acceptFrom(rule);
    alerts.whenAny(checker.metricErrors({ period: Duration.minutes(5) }), {
      id: 'CheckDiffers',
      description:
        'Cordon: what is deployed was changed, or could not be compared. The mail of CheckLambda ' +
        'and its log name the parts. Deploy again, and find in CloudTrail who changed them.',
    });
    alerts.whenNone(checker.metricInvocations({ period: Duration.hours(1) }), {
      id: 'CheckSilent',
      hours: 3,
      description:
        'Cordon: nobody has compared Cordon with what was deployed for three hours. Look at the ' +
        `rule ${name} and at CheckLambda, and deploy again.`,
    });
  }

  private inputOf(own: CfnRule, ownArn: string): string {
    const stack = Stack.of(this);
    const arnOf = (rule: CfnRule): string => (rule === own ? ownArn : rule.attrArn);
    return stack.toJsonString(deployedIn(stack, arnOf));
  }
}

type Kind<T> = abstract new (...args: never[]) => T;

const every = <T extends object>(stack: Stack, kind: Kind<T>): T[] =>
  stack.node.findAll().filter((node): node is T & typeof node => node instanceof kind);

/** The hash of a pattern that names no other resource. */
const hashOf = (pattern: unknown): string | null => {
  const hasReference = /"(?:Ref|Fn::\w+)":/.test(JSON.stringify(pattern) ?? '');
  return pattern === undefined || hasReference ? null : patternHash(pattern);
};

const deployedRule = (stack: Stack, rule: CfnRule, arn: string): DeployedRule => ({
  arn,
  targets: [rule.targets ?? []].flat().flatMap((target) => ('arn' in target ? [target.arn] : [])),
  pattern: hashOf(stack.resolve(rule.eventPattern)),
});

const deployedIn = (stack: Stack, arnOf: (rule: CfnRule) => string): Deployed => {
  const subscriptions = every(stack, CfnSubscription);
  return {
    stack: stack.stackName,
    // The canary of the heartbeat is there to be changed.
    functions: every(stack, CfnFunction)
      .filter(({ functionName }) => functionName !== heartbeatCanary)
      .map((made) => ({
        name: made.ref,
        reserved: made.reservedConcurrentExecutions ?? 0,
      })),
    rules: every(stack, CfnRule).map((rule) => deployedRule(stack, rule, arnOf(rule))),
    keys: every(stack, CfnKey).map(({ attrArn }) => attrArn),
    topics: every(stack, CfnTopic).map(({ ref }) => ({
      arn: ref,
      addresses: subscriptions
        .filter(({ topicArn }) => stack.resolve(topicArn).Ref === stack.resolve(ref).Ref)
        .flatMap(({ endpoint }) => endpoint ?? []),
    })),
    policies: every(stack, CfnManagedPolicy).map(({ ref }) => ref),
  };
};
