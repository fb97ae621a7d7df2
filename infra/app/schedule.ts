import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Alerts } from '../shared/alerts.ts';
import { DeadLetters } from '../shared/dead-letters.ts';
import type { FunctionPolicy } from '../shared/function-policy.ts';

export interface AppScheduleProps {
  readonly poll: LambdaFunction;
  readonly policy: FunctionPolicy;
  readonly alerts: Alerts;
}

/**
 * Runs the poll of Salesforce every hour. What one run misses the next one takes: it goes on from
 * its watermark.
 */
export class AppSchedule extends Construct {
  constructor(scope: Construct, id: string, { poll, policy, alerts }: AppScheduleProps) {
    super(scope, id);
    const missed = new DeadLetters(this, 'Missed', {
      alerts,
      description:
        'App: the hourly poll of Salesforce could not be started. Customers are as old as the ' +
        'last poll; look at SalesforcePoll.',
    });
    const role = new Role(this, 'Role', {
      description: 'Starts the poll of Salesforce',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      inlinePolicies: {
        Start: new PolicyDocument({
          statements: [
            new PolicyStatement({
              actions: ['lambda:InvokeFunction'],
              resources: [poll.functionArn],
            }),
            new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [missed.queueArn] }),
          ],
        }),
      },
    });
    policy.calledByRole(role.roleArn);
    new CfnSchedule(this, 'Hourly', {
      description: 'Takes over what changed in Salesforce',
      scheduleExpression: 'rate(1 hour)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: poll.functionArn,
        roleArn: role.roleArn,
        input: '{}',
        deadLetterConfig: { arn: missed.queueArn },
        retryPolicy: {
          maximumEventAgeInSeconds: Duration.minutes(30).toSeconds(),
          maximumRetryAttempts: 3,
        },
      },
    });
  }
}
