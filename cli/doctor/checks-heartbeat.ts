import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { awsPlace, output, type Place } from '../../operator/place.ts';
import type { CheckOutcome, DoctorCheck } from './checks.ts';

/** A heartbeat takes minutes, and may be late by so many hours before that is a fault. */
const lateHours = 2;
const hourMs = 3_600_000;

const startIt =
  'start the state machine of the output HeartbeatMachineArn; if it fails, its mail says why';

/** When the last heartbeat succeeded, and whether that was too long ago. */
export const heartbeatOutcome = async (place: Place, now: number): Promise<CheckOutcome> => {
  const hours = output(place, 'CordonResponse', 'HeartbeatHours');
  if (hours === 'off') return { detail: 'off' };
  const { executions = [] } = await new SFNClient(await place.config('operator')).send(
    new ListExecutionsCommand({
      stateMachineArn: output(place, 'CordonResponse', 'HeartbeatMachineArn'),
      statusFilter: 'SUCCEEDED',
      maxResults: 1,
    }),
  );
  const last = executions[0]?.stopDate;
  if (last === undefined) return { detail: 'no heartbeat has succeeded yet', fix: startIt };
  const detail = `the last success was at ${last.toISOString()}`;
  return now - last.getTime() > (Number(hours) + lateHours) * hourMs
    ? { detail, fix: startIt }
    : { detail };
};

export const awsHeartbeat: DoctorCheck = {
  name: 'Heartbeat',
  look: async () => heartbeatOutcome(await awsPlace(), Date.now()),
};
