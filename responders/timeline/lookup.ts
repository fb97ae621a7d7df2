import { setTimeout as sleep } from 'node:timers/promises';
import { type CloudTrailClient, LookupEventsCommand, type Event as TrailEvent } from '@aws-sdk/client-cloudtrail';
import type { Head } from '../core/case.ts';
import { at } from '../core/door.ts';
import type { Suspect } from '../core/incident.ts';
import type { TimelineEvent } from '../core/timeline.ts';

export interface Looked {
  readonly events: readonly TimelineEvent[];
  /** Latest event time that the log had delivered, of any event of this name; `null` when it had none. */
  readonly horizon: string | null;
  readonly complete: boolean;
}

const hour = 3_600_000;
/** AWS allows two requests a second for an account and region. */
const pace = 500;
const maxPages = 20;

const text = (record: unknown, path: string): string => {
  const found = at(record, path);
  return typeof found === 'string' ? found : '';
};

const parsed = (event: TrailEvent): unknown => {
  try {
    return JSON.parse(event.CloudTrailEvent ?? '');
  } catch {
    return undefined;
  }
};

/** The exact role and session: a session of the same name in another role or account stays out. */
const isSuspect = (record: unknown, { functionName, roleName }: Suspect, account: string): boolean =>
  text(record, 'userIdentity.sessionContext.sessionIssuer.userName') === roleName &&
  text(record, 'userIdentity.accountId') === account &&
  text(record, 'userIdentity.arn').endsWith(`/${functionName}`);

const toEvent = (record: unknown, { accepted }: Head['clocks']): TimelineEvent => {
  const time = text(record, 'eventTime');
  return {
    at: time,
    id: text(record, 'eventID'),
    whose: 'suspect',
    actor: text(record, 'userIdentity.arn'),
    key: text(record, 'userIdentity.accessKeyId'),
    account: text(record, 'recipientAccountId'),
    region: text(record, 'awsRegion'),
    action: `${text(record, 'eventSource').replace('.amazonaws.com', '')}:${text(record, 'eventName')}`,
    reads: at(record, 'readOnly') === true,
    resources: [],
    parameters: JSON.stringify(at(record, 'requestParameters') ?? {}).slice(0, 300),
    sourceIp: text(record, 'sourceIPAddress'),
    userAgent: text(record, 'userAgent').slice(0, 200),
    outcome: text(record, 'errorCode') || 'allowed',
    phase: accepted !== null && Date.parse(time) >= accepted ? 'after' : 'activity',
    techniques: [],
  };
};

const pages = async function* (cloudtrail: CloudTrailClient, name: string, start: number) {
  let NextToken: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    if (page > 0) await sleep(pace);
    const LookupAttributes = [{ AttributeKey: 'Username' as const, AttributeValue: name }];
    const answer = await cloudtrail.send(
      new LookupEventsCommand({ LookupAttributes, StartTime: new Date(start), MaxResults: 50, NextToken }),
    );
    yield { events: answer.Events ?? [], last: !answer.NextToken };
    if (!answer.NextToken) return;
    ({ NextToken } = answer);
  }
};

/** What the function's session did, from CloudTrail's event history: management events only, some minutes late. */
export const lookup = async (head: Head, suspect: Suspect, cloudtrail: CloudTrailClient): Promise<Looked> => {
  const start = (head.clocks.activity ?? Date.parse(head.openedAt)) - hour;
  const found = new Map<string, TimelineEvent>();
  let horizon: string | null = null;
  let complete = false;
  for await (const { events, last } of pages(cloudtrail, suspect.functionName, start)) {
    complete = last;
    for (const record of events.map(parsed)) {
      const time = text(record, 'eventTime');
      if (horizon === null || time > horizon) horizon = time;
      if (isSuspect(record, suspect, head.finding.account)) found.set(text(record, 'eventID'), toEvent(record, head.clocks));
    }
  }
  return { events: [...found.values()].sort((one, other) => one.at.localeCompare(other.at)), horizon, complete };
};
