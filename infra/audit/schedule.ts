import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Alerts } from '../shared/alerts.ts';
import { path } from '../shared/names.ts';
import { RecurringCall } from '../shared/recurring-call.ts';
import type { AuditFunctions } from './functions.ts';

export interface SealScheduleProps {
  readonly functions: AuditFunctions;
  readonly everyMinutes: number;
  readonly alerts: Alerts;
}

/** Seals every few minutes. What one run misses the next one takes: it seals what has no seal. */
export class SealSchedule extends RecurringCall {
  constructor(scope: Construct, id: string, props: SealScheduleProps) {
    const { functions, everyMinutes, alerts } = props;
    super(scope, id, {
      target: functions.named('AuditSeal'),
      policy: functions.policyOf('AuditSeal'),
      schedule: {
        id: 'Every',
        description: 'Seals the audit events that have no seal yet',
        expression: `rate(${everyMinutes} ${everyMinutes === 1 ? 'minute' : 'minutes'})`,
      },
      role: { path, description: 'Audit: starts the sealing' },
      missed: {
        id: 'SealMissed',
        description:
          'Audit: a seal could not be started. The next one takes its events; look at AuditSeal.',
      },
      retryFor: Duration.minutes(10),
      alerts,
    });
  }
}
