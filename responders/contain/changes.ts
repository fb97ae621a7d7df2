import { type Suspect, sessionNames } from '../incident/suspect.ts';
import { jsonIn, listAt, textAt } from '../shared/json.ts';
import type { CallService } from '../shared/signed-json.ts';

/** Successful calls with these names since a time, as CloudTrail recorded them. */
export type ReadChanges = (
  eventNames: readonly string[],
  since: number,
) => Promise<readonly unknown[]>;

/** CloudTrail keeps what IAM did in one region of a partition, and the rest where it was done. */
export interface ChangeRecords {
  /** In each region in which functions are contained. */
  readonly regions: readonly CallService[];
  readonly iam: CallService;
  /** Waits between two pages: AWS allows two requests a second. */
  readonly pause: () => Promise<unknown>;
}

/** 250 calls with one name since an activity began are more than people make in that time. */
const mostPages = 5;

const lookupEvents = 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents';

const iamCalls = new Set(['UpdateAssumeRolePolicy', 'TagRole', 'TagUser']);

const recordsIn = async (
  cloudtrail: CallService,
  AttributeValue: string,
  since: number,
  { pause }: ChangeRecords,
): Promise<readonly unknown[]> => {
  const records: unknown[] = [];
  let NextToken: string | null = null;
  for (let page = 0; page < mostPages; page += 1) {
    if (page > 0) await pause();
    const body = {
      LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue }],
      StartTime: Math.floor(since / 1000),
      MaxResults: 50,
      ...(NextToken && { NextToken }),
    };
    const answer: unknown = await cloudtrail({
      method: 'POST',
      path: '/',
      target: lookupEvents,
      body,
    });
    for (const event of listAt(answer, 'Events'))
      records.push(jsonIn(textAt(event, 'CloudTrailEvent') ?? ''));
    NextToken = textAt(answer, 'NextToken');
    if (!NextToken) break;
  }
  return records;
};

/** The regions are asked at once: each has a quota of its own. */
const recordsOf = async (
  name: string,
  since: number,
  from: ChangeRecords,
): Promise<readonly unknown[]> => {
  const asked = iamCalls.has(name) ? [from.iam] : from.regions;
  return (await Promise.all(asked.map((region) => recordsIn(region, name, since, from)))).flat();
};

/** Reads them with signed calls, because the SDK client is too big for the bundle that contains. */
export const changesFrom =
  (from: ChangeRecords): ReadChanges =>
  async (eventNames, since) => {
    const changes: unknown[] = [];
    for (const name of eventNames) changes.push(...(await recordsOf(name, since, from)));
    return changes.filter((record) => textAt(record, 'errorCode') === null);
  };

/** Whether a principal is the suspect, or acts in its name. */
const isSuspect = (arn: string, suspect: Suspect): boolean => {
  switch (suspect.kind) {
    case 'function':
      return sessionNames(suspect).some((name) =>
        arn.endsWith(`:assumed-role/${suspect.roleName}/${name}`),
      );
    case 'session':
      return arn.endsWith(`:assumed-role/${suspect.roleName}/${suspect.sessionName}`);
    case 'role':
      return arn.includes(`:assumed-role/${suspect.roleName}/`);
    case 'user':
    case 'access-key':
      return arn.includes(':user/') && arn.endsWith(`/${suspect.userName}`);
  }
};

/**
 * Whether a change is later than the beginning of the activity, or was made by a suspect: the
 * activity may be older than its first sign.
 */
export const isSuspicious = (
  record: unknown,
  suspects: readonly Suspect[],
  since: number,
): boolean =>
  Date.parse(textAt(record, 'eventTime') ?? '') >= since - (since % 1000) ||
  suspects.some((suspect) => isSuspect(textAt(record, 'userIdentity.arn') ?? '', suspect));

/** How long before the first sign the suspect's own session may have made changes, in ms. */
export const earlierMs = 86_400_000;
