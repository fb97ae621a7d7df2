import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';

/**
 * AWS answers two lookups a second for a whole account and region. After a throttle the client
 * slows down and retries.
 */
export const cloudtrail = (): CloudTrailClient =>
  new CloudTrailClient({ retryMode: 'adaptive', maxAttempts: 10 });
