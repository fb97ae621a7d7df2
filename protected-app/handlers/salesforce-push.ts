import { auditedBatch } from '../shared/audit-work.ts';
import { createLog } from '../shared/log.ts';
import { pushMessages } from '../worker/salesforce/push-messages.ts';
import { writeAudit } from './audit.ts';
import { variable } from './environment.ts';
import { salesforceDeps } from './salesforce-deps.ts';

export const handler = auditedBatch(
  writeAudit(),
  { action: 'salesforce.push', kind: 'sync-run' },
  pushMessages({
    ...salesforceDeps(),
    log: (correlationId) => createLog(variable('APP_FUNCTION'), correlationId),
  }),
);
