import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Alerts } from '../shared/alerts.ts';
import type { FunctionPolicy } from '../shared/function-policy.ts';
import { RecurringCall } from '../shared/recurring-call.ts';

export interface AppScheduleProps {
  readonly poll: LambdaFunction;
  readonly policy: FunctionPolicy;
  readonly alerts: Alerts;
}

/**
 * Runs the poll of Salesforce every hour. What one run misses the next one takes: it goes on from
 * its watermark.
 */
export class AppSchedule extends RecurringCall {
  constructor(scope: Construct, id: string, { poll, policy, alerts }: AppScheduleProps) {
    super(scope, id, {
      target: poll,
      policy,
      schedule: {
        id: 'Hourly',
        description: 'Takes over what changed in Salesforce',
        expression: 'rate(1 hour)',
      },
      role: { description: 'Starts the poll of Salesforce' },
      missed: {
        id: 'Missed',
        description:
          'App: the hourly poll of Salesforce could not be started. Customers are as old as the ' +
          'last poll; look at SalesforcePoll.',
      },
      retryFor: Duration.minutes(30),
      alerts,
    });
  }
}
