import type { Settings } from '../decide/settings.ts';
import type { Confirmed } from '../decide/suspect-kind.ts';
import { type ResourceTag, tagsThatDecide, type YoungTags } from '../decide/tags.ts';
import type { Finding } from '../finding/finding.ts';
import { suspectsOf } from '../incident/suspect.ts';
import { attempt } from '../shared/attempt.ts';
import { at, isRecord, listAt, textAt } from '../shared/json.ts';
import { earlierMs, isSuspicious, type ReadChanges } from './changes.ts';

/** A person would be asked without the answer, so it may take a little longer than a fact. */
const deadlineMs = 4_000;

/** The call that sets a tag, by what the ARN of its resource holds. */
const tagging = [
  { of: ':role/', call: 'TagRole' },
  { of: ':user/', call: 'TagUser' },
  { of: ':function:', call: 'TagResource20170331v2' },
] as const;

/** Each call takes a while, so only those are read that may have set one of these tags. */
const callsThatSet = (tags: readonly ResourceTag[]): readonly string[] =>
  tagging.flatMap(({ of, call }) => (tags.some(({ arn }) => arn.includes(of)) ? [call] : []));

/** Lambda records tags as an object, IAM as a list. */
const setsTag = (record: unknown, key: string): boolean => {
  const tags = at(record, 'requestParameters.tags');
  return isRecord(tags)
    ? Object.hasOwn(tags, key)
    : listAt(record, 'requestParameters.tags').some((tag) => textAt(tag, 'key') === key);
};

/** Whether a record of CloudTrail is about this role, user or function. */
const isAbout = (record: unknown, arn: string): boolean => {
  const [roleName, userName] = ['roleName', 'userName'].map((name) =>
    textAt(record, `requestParameters.${name}`),
  );
  if (roleName) return arn.includes(':role/') && arn.endsWith(`/${roleName}`);
  if (userName) return arn.includes(':user/') && arn.endsWith(`/${userName}`);
  return textAt(record, 'requestParameters.resource') === arn;
};

/**
 * Which of the tags that decide were set since the activity began, as CloudTrail has recorded it by
 * now. Read only where a workload has such a tag: any other is contained without this.
 */
export const youngTags = async (
  confirmed: Confirmed | null,
  { firstSeen }: Finding,
  { settings, readChanges }: { readonly settings: Settings; readonly readChanges: ReadChanges },
): Promise<YoungTags> => {
  if (confirmed === null || firstSeen === null) return undefined;
  const suspects = suspectsOf(confirmed);
  const deciding = tagsThatDecide(confirmed, settings);
  if (deciding.length === 0) return undefined;
  const young = readChanges(callsThatSet(deciding), firstSeen - earlierMs).then((records) => {
    const suspicious = records.filter((record) => isSuspicious(record, suspects, firstSeen));
    const wasSet = ({ arn, key }: ResourceTag) =>
      suspicious.some((record) => isAbout(record, arn) && setsTag(record, key));
    return deciding.filter(wasSet);
  });
  return attempt(deadlineMs, young);
};
