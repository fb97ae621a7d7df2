import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { Settings } from '../decide/settings.ts';
import { iamRegionOf } from './changes.ts';

/**
 * AWS answers two lookups a second for a whole account and region. After a throttle the client
 * slows down and retries.
 */
export const cloudtrail = (region?: string): CloudTrailClient =>
  new CloudTrailClient({ retryMode: 'adaptive', maxAttempts: 10, ...(region && { region }) });

/** CloudTrail in our regions, and in the one that records the calls of IAM. */
export const historyClients = (settings: Settings): readonly CloudTrailClient[] => {
  const regions = [settings.region, iamRegionOf(settings), ...settings.furtherRegions];
  return [...new Set(regions)].map(cloudtrail);
};
