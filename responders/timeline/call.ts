import { at, isRecord } from '../shared/json.ts';

/** Who called, as the record names them. Empty text where it does not. */
export interface Caller {
  readonly type: string;
  readonly arn: string;
  readonly account: string;
  readonly key: string;
  readonly issuerType: string;
  readonly issuerArn: string;
  /** The service of AWS that called for the caller; CloudTrail writes it, no caller can set it. */
  readonly invokedBy: string;
}

/** Failed calls of one kind that were counted by the query: the call that has them is the first. */
export interface CountedCalls {
  readonly calls: number;
  readonly last: string;
  /** Request parameters of the first calls. */
  readonly parameters: readonly unknown[];
}

/** One CloudTrail record, wherever it came from, with what a timeline needs of it. */
export interface Call {
  readonly id: string;
  readonly at: string;
  /** `s3`: the event source without its domain. */
  readonly service: string;
  /** As CloudTrail names it: `CreateFunction20150331`. */
  readonly name: string;
  readonly region: string;
  readonly account: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly error: string;
  readonly reads: boolean;
  readonly data: boolean;
  readonly parameters: unknown;
  readonly answer: unknown;
  /** ARNs that the record itself lists. */
  readonly arns: readonly string[];
  readonly caller: Caller;
  readonly counted?: CountedCalls;
}

export const textAt = (value: unknown, path: string): string => {
  const text = at(value, path);
  return typeof text === 'string' ? text : '';
};

const whole = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** CloudTrail's time, or empty: what has no time cannot be put in order. */
const timeOf = (record: unknown): string => {
  const time = textAt(record, 'eventTime');
  return whole.test(time) ? time : '';
};

const callerOf = (identity: unknown): Caller => ({
  type: textAt(identity, 'type'),
  arn: textAt(identity, 'arn'),
  account: textAt(identity, 'accountId'),
  key: textAt(identity, 'accessKeyId'),
  issuerType: textAt(identity, 'sessionContext.sessionIssuer.type'),
  issuerArn: textAt(identity, 'sessionContext.sessionIssuer.arn'),
  invokedBy: textAt(identity, 'invokedBy'),
});

/** `undefined` for anything that is not a record with an id and a time. */
export const callOf = (record: unknown): Call | undefined => {
  const [id, time] = [textAt(record, 'eventID'), timeOf(record)];
  if (id === '' || time === '') return undefined;
  const resources = at(record, 'resources');
  return {
    id,
    at: time,
    service: textAt(record, 'eventSource').replace(/\.amazonaws\.com$/, ''),
    name: textAt(record, 'eventName'),
    region: textAt(record, 'awsRegion'),
    account: textAt(record, 'recipientAccountId'),
    sourceIp: textAt(record, 'sourceIPAddress'),
    userAgent: textAt(record, 'userAgent'),
    error: textAt(record, 'errorCode'),
    reads: String(at(record, 'readOnly')) === 'true',
    data: textAt(record, 'eventCategory') === 'Data',
    parameters: at(record, 'requestParameters'),
    answer: at(record, 'responseElements'),
    arns: (Array.isArray(resources) ? resources : [])
      .map((resource) => textAt(resource, 'ARN'))
      .filter((arn) => arn !== ''),
    caller: callerOf(at(record, 'userIdentity')),
  };
};

/**
 * Lambda's calls carry the version of its API: `UpdateFunctionCode20150331v2` is
 * `UpdateFunctionCode`.
 */
export const plainName = ({ name }: Pick<Call, 'name'>): string =>
  name.replace(/\d{8}(v\d+)?$/, '');

/** Every text in a value, at any depth. */
export const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isRecord(value) ? Object.values(value).flatMap(textsIn) : [];
};

/** Each call once, in order of time: CloudTrail delivers files twice, late, and in no order. */
export const inOrder = (calls: Iterable<Call>): readonly Call[] =>
  [...new Map([...calls].map((call) => [call.id, call])).values()].sort((left, right) =>
    left.at === right.at ? (left.id < right.id ? -1 : 1) : left.at < right.at ? -1 : 1,
  );
