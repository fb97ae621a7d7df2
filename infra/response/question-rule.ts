import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { type DeadLetters, notLaterThanAnHour } from '../shared/dead-letters.ts';
import type { FunctionPolicy } from '../shared/function-policy.ts';

export interface QuestionRuleProps {
  readonly minutes: number;
  readonly notifier: IFunction;
  readonly notifierPolicy: FunctionPolicy;
  readonly deadLetters: DeadLetters;
}

/** Asks again and again what nobody has answered, so that no question ends in silence. */
export const questionRule = (
  scope: Construct,
  { minutes, notifier, notifierPolicy, deadLetters }: QuestionRuleProps,
): void => {
  const rule = new CfnRule(scope, 'QuestionRule', {
    description: 'Cordon: asks again what nobody has answered',
    scheduleExpression: `rate(${minutes} minute${minutes === 1 ? '' : 's'})`,
    targets: [
      {
        id: 'Notifier',
        arn: notifier.functionArn,
        input: JSON.stringify({ kind: 'questions' }),
        ...notLaterThanAnHour(deadLetters),
      },
    ],
  });
  notifierPolicy.calledByService('events.amazonaws.com', rule.attrArn);
  deadLetters.acceptFrom(rule);
};
