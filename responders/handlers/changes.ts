import { setTimeout as sleep } from 'node:timers/promises';
import { changesFrom, type ReadChanges } from '../contain/changes.ts';
import type { Settings } from '../decide/settings.ts';
import { callerOf } from './environment.ts';

/** The region that records the calls of IAM, which has one control plane for each partition. */
const iamRegions: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
};

/** Where CloudTrail records what IAM did. */
export const iamRegionOf = ({ partition, region }: Settings): string =>
  iamRegions[partition] ?? region;

/** Reads what CloudTrail has recorded in our regions, and of IAM in that of its control plane. */
export const changeReader = (settings: Settings): ReadChanges => {
  const { region, furtherRegions } = settings;
  const callerIn = (place: string) => callerOf('cloudtrail', place, settings);
  return changesFrom({
    regions: [region, ...furtherRegions].map(callerIn),
    iam: callerIn(iamRegionOf(settings)),
    pause: () => sleep(500),
  });
};
