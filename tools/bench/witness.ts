import type { KeyedEngine } from '../../local/engine/clients.ts';
import { signedGet } from '../../local/engine/signed-request.ts';
import { at, textAt } from '../../responders/shared/json.ts';

/** A call to IAM or Lambda that could change something, as the engine has recorded it. */
export interface RecordedWrite {
  readonly call: string;
  /** Who made it; `root` is the bench itself. */
  readonly by: string;
  /** The role or function that it was about. */
  readonly about: string;
}

const namesIn = ['functionName', 'roleName', 'userName', 'resource'];

const callerIn = (record: unknown): string =>
  textAt(record, 'userIdentity.type') === 'Root'
    ? 'root'
    : (textAt(record, 'userIdentity.arn') ?? 'nobody');

const isWrite = (record: unknown): boolean =>
  /^(iam|lambda)\.amazonaws\.com$/.test(textAt(record, 'eventSource') ?? '') &&
  at(record, 'managementEvent') === true &&
  at(record, 'readOnly') !== true;

/** The writes among records of CloudTrail, also those that were refused. */
export const writesIn = (records: readonly unknown[]): readonly RecordedWrite[] =>
  records.filter(isWrite).map((record) => ({
    call: `${textAt(record, 'eventSource')?.split('.')[0]}:${textAt(record, 'eventName')}`,
    by: callerIn(record),
    about: namesIn.map((name) => textAt(record, `requestParameters.${name}`)).find(Boolean) ?? '',
  }));

/** What the engine has recorded since a moment, in epoch milliseconds. */
export const recordsSince = async (
  engine: KeyedEngine,
  since: number,
): Promise<readonly unknown[]> => {
  const answer = await signedGet(engine, `/_cordon/cloudtrail?since=${since}`);
  const records: unknown = await answer.json();
  if (Array.isArray(records)) return records;
  throw new Error('the engine has no list of its records');
};
