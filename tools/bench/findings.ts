import { ACCOUNT, REGION } from '../../local/engine/settings.ts';
import type { DrillTarget } from './targets.ts';

const detectorId = 'd0c0ffee00000000000000000000cafe';

/** The detail of a GuardDuty finding about a function, as EventBridge delivers it. */
export const findingAbout = (
  { functionName, roleArn }: DrillTarget,
  id: string,
  updatedAt = Date.now(),
) => ({
  schemaVersion: '2.0',
  accountId: ACCOUNT,
  region: REGION,
  partition: 'aws',
  id,
  arn: `arn:aws:guardduty:${REGION}:${ACCOUNT}:detector/${detectorId}/finding/${id}`,
  type: 'Backdoor:Lambda/C&CActivity.B',
  resource: {
    resourceType: 'Lambda',
    lambdaDetails: {
      functionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${functionName}`,
      functionName,
      functionVersion: '$LATEST',
      role: roleArn,
      tags: [],
    },
  },
  service: {
    serviceName: 'guardduty',
    detectorId,
    archived: false,
    count: 1,
    eventFirstSeen: new Date(updatedAt - 60_000).toISOString(),
    eventLastSeen: new Date(updatedAt - 1_000).toISOString(),
  },
  severity: 8,
  createdAt: new Date(updatedAt).toISOString(),
  updatedAt: new Date(updatedAt).toISOString(),
  title: `The Lambda function ${functionName} is talking to a command and control server.`,
  description: 'A rehearsed finding.',
});

/** An event for a bus on which drills are rehearsed. */
export const drillEvent = (bus: string, detail: unknown) => ({
  EventBusName: bus,
  Source: 'cordon.drill',
  DetailType: 'GuardDuty Finding',
  Detail: JSON.stringify(detail),
});
