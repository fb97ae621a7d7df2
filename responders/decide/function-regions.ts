import type { NamedFunction } from '../finding/identify.ts';
import type { Aws } from '../shared/aws.ts';

/** Further regions by name; `undefined` is the region of the deployment. */
export type Regions = readonly [string | undefined, ...(string | undefined)[]];

/**
 * Where the function of a finding may be. A session names no region: a call that was made in one
 * may come from a function in another. The region of the finding comes first.
 */
export const regionsOf = (
  { region, isThere }: Pick<NamedFunction, 'region' | 'isThere'>,
  { further }: Pick<Aws, 'further'>,
): Regions => {
  const nearest = further.has(region) ? region : undefined;
  const others = [undefined, ...further.keys()].filter((other) => other !== nearest);
  return isThere ? [nearest] : [nearest, ...others];
};
