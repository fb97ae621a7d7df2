import { audited } from '../shared/audit-work.ts';
import { createLog } from '../shared/log.ts';
import { poll } from '../worker/salesforce/poll.ts';
import type { LambdaInvocation } from '../worker/salesforce/push-messages.ts';
import { writeAudit } from './audit.ts';
import { variable } from './environment.ts';
import { salesforceDeps } from './salesforce-deps.ts';

const deps = salesforceDeps();
const audit = writeAudit();

const endOfPoll = {
  done: { outcome: 'succeeded' },
  stopped: { outcome: 'failed', reason: 'stopped: the next run continues' },
  skipped: { outcome: 'refused', reason: 'skipped: another poll is running' },
} as const;

/** The schedule's event says only that it is time. */
export const handler = (
  _event: unknown,
  { awsRequestId, getRemainingTimeInMillis }: LambdaInvocation,
) =>
  audited(
    audit,
    {
      actor: { kind: 'service', id: 'scheduler' },
      action: 'salesforce.poll',
      subject: { kind: 'sync-run', id: awsRequestId },
      correlationId: awsRequestId,
    },
    () =>
      poll(
        { ...deps, log: createLog(variable('APP_FUNCTION'), awsRequestId) },
        { id: awsRequestId, deadline: deps.now() + getRemainingTimeInMillis() },
      ),
    ({ outcome }) => endOfPoll[outcome],
  );
