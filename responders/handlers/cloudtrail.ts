import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';

/**
 * AWS answers two lookups a second for a whole account and region: whoever is refused asks more
 * slowly, and keeps asking.
 */
export const cloudtrail = (): CloudTrailClient =>
  new CloudTrailClient({ retryMode: 'adaptive', maxAttempts: 10 });
