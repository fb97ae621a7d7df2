import { logOf } from '../shared/log.ts';
import { poll } from '../worker/salesforce/poll.ts';
import type { Invocation } from '../worker/salesforce/push-messages.ts';
import { variable } from './environment.ts';
import { salesforceDeps } from './salesforce-deps.ts';

const deps = salesforceDeps();

/** Whatever the schedule sends: all that matters is that it is time. */
export const handler = (_event: unknown, { awsRequestId, getRemainingTimeInMillis }: Invocation) =>
  poll(
    { ...deps, log: logOf(variable('APP_FUNCTION'), awsRequestId) },
    { id: awsRequestId, deadline: deps.now() + getRemainingTimeInMillis() },
  );
