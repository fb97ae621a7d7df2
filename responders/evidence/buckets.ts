import type { Head } from '../incident/case.ts';

/** Evidence of drills lies apart, because it is kept for some days only. */
export interface Buckets {
  readonly real: string;
  readonly drill: string;
}

/**
 * The one place that decides which. Whether it is a drill is said by the rule that the finding came
 * through, never by the finding.
 */
export const bucketFor = ({ drill }: Pick<Head, 'drill'>, buckets: Buckets): string =>
  drill ? buckets.drill : buckets.real;
