import { at, isRecord, textAt } from '../shared/json.ts';
import { isLike } from '../shared/patterns.ts';
import { wantedText, wantedTexts } from '../shared/wanted.ts';

/** What belongs to this deployment, and who may change it, as patterns in which `*` is any text. */
export interface TamperScope {
  readonly own: readonly string[];
  /** ARNs of the roles and users that deploy Cordon. */
  readonly deployers: readonly string[];
}

export const wantedScope = (source: unknown, path: string): TamperScope => ({
  own: wantedTexts(source, `${path}.own`),
  deployers: wantedTexts(source, `${path}.deployers`),
});

/** A call that changed, or tried to change, what Cordon is made of or what it relies on. */
export interface TamperCall {
  readonly eventId: string;
  readonly service: string;
  readonly call: string;
  /** The resource that the call names; empty where it is the account's own setting. */
  readonly resource: string;
  readonly caller: string;
  /** The role or user behind the caller: a session chooses its own name, and so its own ARN. */
  readonly identity: string;
  readonly from: string;
  readonly region: string;
  readonly time: string;
  /** `done`, `denied`, or the code of the error. */
  readonly result: string;
}

/** Settings of the account, on which findings and records rely: every change counts. */
const accountWide = new Set(['guardduty', 'cloudtrail', 'organizations']);

const deniedCode = /AccessDenied|Unauthorized|NotAuthorized|Forbidden/;

/**
 * The texts that can name a resource: what the caller asked for, what CloudTrail lists, and the
 * part of a denial that names it. Several services leave out the parameters of a denied call. A
 * change of an event source mapping is asked for by its id alone; the answer names what it joins.
 */
const namesIn = (detail: unknown): readonly string[] => {
  const [, denied = ''] = (textAt(detail, 'errorMessage') ?? '').split(' on resource: ');
  const asked = leaves(at(detail, 'requestParameters'));
  const listed = leaves(at(detail, 'resources'));
  const joined = ['functionArn', 'eventSourceArn'].map(
    (name) => textAt(detail, `responseElements.${name}`) ?? '',
  );
  return [...asked, ...listed, denied.split(' ')[0] ?? '', ...joined].filter(isName);
};

/** A name or an ARN has no spaces; a document is no name, although it may hold many. */
const isName = (text: string): boolean => /^[^\s{][^\s]{0,599}$/.test(text);

const leaves = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(leaves);
  return isRecord(value) ? Object.values(value).flatMap(leaves) : [];
};

/** Attaching a policy changes the role, not the policy; the watch over holds sees to the latter. */
const attaches = /^(Attach|Detach)(Role|User|Group)Policy$/;

const namesOf = (call: string, detail: unknown): readonly string[] => {
  const names = namesIn(detail);
  return attaches.test(call) ? names.filter((name) => !name.includes(':policy/')) : names;
};

/** Tags and static policies of contained roles are what Cordon's own roles change. */
const ownWork = /^(Attach|Detach)RolePolicy$|^(Tag|Untag)Role$/;

const isOurWork = (identity: string, call: string, result: string): boolean =>
  result === 'done' && ownWork.test(call) && isLike('arn:*:iam::*:role/cordon/*', identity);

const resultOf = (detail: unknown): string => {
  const code = textAt(detail, 'errorCode');
  if (code === null) return 'done';
  return deniedCode.test(code) ? 'denied' : code;
};

/**
 * The call that an event of CloudTrail describes; `undefined` where it is about something else, or
 * where a deployment or Cordon's own work made it. Services that act for themselves are no caller.
 */
export const tamperCall = (
  event: unknown,
  { own, deployers }: TamperScope,
): TamperCall | undefined => {
  const detail = at(event, 'detail');
  const call = wantedText(event, 'detail.eventName');
  const service = wantedText(event, 'detail.eventSource').replace(/\.amazonaws\.com.*$/, '');
  const caller = textAt(detail, 'userIdentity.arn') ?? textAt(detail, 'userIdentity.type') ?? '';
  const identity = textAt(detail, 'userIdentity.sessionContext.sessionIssuer.arn') ?? caller;
  const result = resultOf(detail);
  const names = namesOf(call, detail);
  const resource = names.find((name) => own.some((pattern) => isLike(pattern, name)));
  if (resource === undefined && !accountWide.has(service)) return undefined;
  if (caller === 'AWSService' || isOurWork(identity, call, result)) return undefined;
  if (deployers.some((pattern) => isLike(pattern, identity))) return undefined;
  return {
    eventId: wantedText(event, 'detail.eventID'),
    service,
    // Lambda puts the version of its API behind the name.
    call: call.replace(/20\d{6}(v\d)?$/, ''),
    resource: resource ?? names[0] ?? '',
    caller,
    identity,
    from: textAt(detail, 'sourceIPAddress') ?? '',
    region: textAt(detail, 'awsRegion') ?? '',
    time: wantedText(event, 'detail.eventTime'),
    result,
  };
};
