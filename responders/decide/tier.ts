import { isLike } from '../shared/patterns.ts';
import type { Settings } from './settings.ts';
import type { Confirmed } from './suspect-kind.ts';
import { criticalTag, mayCount, type YoungTags } from './tags.ts';

/** What makes a workload critical, or not. */
interface Tiered extends Confirmed {
  readonly settings: Pick<Settings, 'criticalTier'>;
  /** A tag that was set since the activity began may be the intruder's: it does not count. */
  readonly youngTags?: YoungTags;
}

/** Why a workload is critical; `undefined` where it is not. */
export const criticalBecause = (input: Tiered): string | undefined => {
  const { arns, youngTags, settings } = input;
  if (settings.criticalTier.some((pattern) => arns.some((arn) => isLike(pattern, arn))))
    return 'the configuration lists it as critical';
  return mayCount(criticalTag, input, youngTags) ? `it is tagged ${criticalTag}` : undefined;
};
