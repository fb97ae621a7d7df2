import { createLog } from '../shared/log.ts';
import { pushMessages } from '../worker/salesforce/push-messages.ts';
import { variable } from './environment.ts';
import { salesforceDeps } from './salesforce-deps.ts';

export const handler = pushMessages({
  ...salesforceDeps(),
  log: (correlationId) => createLog(variable('APP_FUNCTION'), correlationId),
});
