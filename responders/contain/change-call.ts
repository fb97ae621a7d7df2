import { isDeepStrictEqual } from 'node:util';
import { at, textAt } from '../shared/json.ts';

/** What a call may have changed, as its CloudTrail event names it. */
export interface ChangeCall {
  readonly eventId: string;
  readonly functions: readonly string[];
  readonly roles: readonly string[];
  readonly users: readonly string[];
}

const texts = (event: unknown, paths: readonly string[]): string[] =>
  paths.flatMap((path) => textAt(event, `detail.${path}`) ?? []);

/** `orders` of a name, of an ARN, and of both with a version or alias. */
const functionNameOf = (reference: string): string => {
  const resource = reference.startsWith('arn:') ? reference.split(':')[6] : reference.split(':')[0];
  return resource ?? '';
};

const roleNameOf = (reference: string): string => reference.split('/').at(-1) ?? '';

/**
 * Reads the names in an event. They only say where to look: whoever starts an execution may have
 * written them.
 */
export const changeCallOf = (event: unknown): ChangeCall => ({
  eventId: textAt(event, 'detail.eventID') ?? '',
  functions: texts(event, [
    'requestParameters.functionName',
    'responseElements.functionName',
    'responseElements.functionArn',
  ]).map(functionNameOf),
  roles: texts(event, ['requestParameters.roleName', 'requestParameters.role']).map(roleNameOf),
  users: texts(event, ['requestParameters.userName']),
});

/** Who made a call, as CloudTrail recorded it; nobody where the record is of another call. */
export const callerIn = (record: unknown, call: ChangeCall): string | undefined =>
  isDeepStrictEqual(changeCallOf({ detail: record }), call)
    ? (textAt(record, 'userIdentity.arn') ?? undefined)
    : undefined;

/** What starts a look at holds: the clock, or a call. */
export const isSweep = (input: unknown): boolean => at(input, 'sweep') === true;
