import { createHash } from 'node:crypto';
import { heartbeatCanary } from '../incident/heartbeat.ts';

/** What the finding of a heartbeat is about, and when it began. */
export interface HeartbeatOrigin {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /** The ARN of the canary’s role. */
  readonly role: string;
  /** The execution of the heartbeat: a retry sends the same finding. */
  readonly execution: string;
  /** When the execution began, as ISO 8601. */
  readonly startedAt: string;
}

/** GuardDuty’s ids have this form. */
export const findingIdOf = (execution: string): string =>
  createHash('sha256').update(execution).digest('hex').slice(0, 32);

/** A finding that says of the canary what GuardDuty says of a function under foreign control. */
export const heartbeatFinding = ({
  account,
  region,
  partition,
  role,
  execution,
  startedAt,
}: HeartbeatOrigin): Readonly<Record<string, unknown>> => ({
  schemaVersion: '2.0',
  accountId: account,
  region,
  partition,
  id: findingIdOf(execution),
  type: 'Backdoor:Lambda/C&CActivity.B',
  severity: 8,
  title: 'The heartbeat of Cordon has its canary contained.',
  description: 'Nothing has happened: the heartbeat proves that containment works.',
  createdAt: startedAt,
  updatedAt: startedAt,
  resource: {
    resourceType: 'Lambda',
    lambdaDetails: {
      functionArn: `arn:${partition}:lambda:${region}:${account}:function:${heartbeatCanary}`,
      functionName: heartbeatCanary,
      role,
    },
  },
  service: {
    serviceName: 'guardduty',
    resourceRole: 'TARGET',
    eventFirstSeen: startedAt,
    eventLastSeen: startedAt,
    archived: false,
    count: 1,
  },
});
