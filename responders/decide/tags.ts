import type { Attempt } from '../shared/attempt.ts';
import type { Settings } from './settings.ts';
import type { Confirmed } from './suspect-kind.ts';

/** A tag of a resource, by its key. */
export interface ResourceTag {
  readonly arn: string;
  readonly key: string;
}

/** The tag with which a workload says that a person is asked first. */
export const criticalTag = 'cordon:tier=critical';

const partsOf = (tag: string): { readonly key: string; readonly value: string } => {
  const [key = '', ...value] = tag.split('=');
  return { key, value: value.join('=') };
};

/** The resources of a suspect that have a tag, which is written as `key=value`. */
export const taggedWith = (
  tag: string,
  { arns, tags }: Pick<Confirmed, 'arns' | 'tags'>,
): readonly ResourceTag[] => {
  const { key, value } = partsOf(tag);
  return arns.filter((_arn, index) => tags[index]?.[key] === value).map((arn) => ({ arn, key }));
};

/** The tags on which a decision can depend, as `key=value`. */
const decidingTags = ({ neverContain, suppressions, observe }: Settings): readonly string[] => [
  criticalTag,
  ...[...neverContain, ...suppressions].flatMap(({ tag }) => tag ?? []),
  ...observe.tags,
];

/** The tags of a suspect on which the decision can depend: their age must be known. */
export const tagsThatDecide = (
  confirmed: Pick<Confirmed, 'arns' | 'tags'>,
  settings: Settings,
): readonly ResourceTag[] => decidingTags(settings).flatMap((tag) => taggedWith(tag, confirmed));

/** Tags that were set since the activity began; missing where no tag decides. */
export type YoungTags = Attempt<readonly ResourceTag[]> | undefined;

/** A tag that was set since the activity began may be the intruder's: it does not count. */
const isYoung = ({ arn, key }: ResourceTag, young: YoungTags): boolean =>
  young?.ok === true && young.value.some((tag) => tag.arn === arn && tag.key === key);

/** Whether a resource has the tag, unless the tag is known to be younger than the activity. */
export const mayCount = (
  tag: string,
  confirmed: Pick<Confirmed, 'arns' | 'tags'>,
  young: YoungTags,
): boolean => taggedWith(tag, confirmed).some((resource) => !isYoung(resource, young));

/** Whether a resource has the tag, and CloudTrail has no record that it was set meanwhile. */
export const isOld = (
  tag: string,
  confirmed: Pick<Confirmed, 'arns' | 'tags'>,
  young: YoungTags,
): boolean => young?.ok === true && mayCount(tag, confirmed, young);
