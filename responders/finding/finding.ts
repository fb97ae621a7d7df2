import type { NamedAttacker } from '../shared/attacker.ts';
import { at, isRecord, textAt } from '../shared/json.ts';
import { isName, type NameKind } from '../shared/names.ts';
import { wantedText, wrong } from '../shared/wanted.ts';
import { attackerIn } from './attacker.ts';
import { isSequence, principalsIn, type SequencePrincipal } from './sequence.ts';

/** The claims of a GuardDuty event. They are not trusted until the account has confirmed them. */
export interface Finding {
  readonly id: string;
  /** The detector that the finding names; null where it names none. */
  readonly detectorId: string | null;
  readonly type: string;
  readonly severity: number;
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly title: string;
  readonly sample: boolean;
  readonly archived: boolean;
  readonly drill: boolean;
  /** A person has asked for it, and GuardDuty knows nothing of it. No event can say so. */
  readonly byHand?: { readonly by: string; readonly reason: string };
  /** This time and the next three are in epoch milliseconds. */
  readonly updatedAt: number;
  /** The first activity that the finding saw. */
  readonly firstSeen: number | null;
  readonly lastSeen: number | null;
  readonly eventAt: number | null;
  readonly resourceType: string;
  /** Who acted, as the finding says. */
  readonly attacker: NamedAttacker;
  readonly lambda?: {
    readonly functionArn: string;
    readonly functionName: string;
    readonly role: string;
  };
  readonly accessKey?: {
    readonly principalId: string;
    readonly userName: string;
    readonly userType: string;
  };
  /** Everybody whom an attack sequence names; missing where the finding is none. */
  readonly sequence?: readonly SequencePrincipal[];
}

const name = (event: unknown, path: string, kind: NameKind): string => {
  const text = wantedText(event, path);
  if (!isName(kind, text)) throw wrong(path, `a valid ${kind}`, text);
  return text;
};

const severity = (event: unknown, path: string): number => {
  const number = at(event, path);
  if (typeof number !== 'number' || !(number >= 0 && number <= 10))
    throw wrong(path, 'a number from 0 to 10', number);
  return number;
};

const time = (event: unknown, path: string): number => {
  const ms = Date.parse(wantedText(event, path));
  if (Number.isNaN(ms)) throw wrong(path, 'a time', at(event, path));
  return ms;
};

const optional = <T>(
  event: unknown,
  path: string,
  read: (event: unknown, path: string) => T,
): T | null => ((at(event, path) ?? null) === null ? null : read(event, path));

const detectorOf = (event: unknown): string | null => {
  const id = textAt(event, 'detail.service.detectorId');
  return id !== null && isName('detectorId', id) ? id : null;
};

const flag = (event: unknown, path: string): boolean => at(event, path) === true;

/** GuardDuty marks samples in `additionalInfo`, expanded or as JSON text, and in the title. */
const isSample = (event: unknown): boolean => {
  const { sample, value } = Object.fromEntries(
    ['sample', 'value'].map((key) => [key, at(event, `detail.service.additionalInfo.${key}`)]),
  );
  const title = at(event, 'detail.title');
  return (
    sample === true ||
    (typeof value === 'string' && /"sample"\s*:\s*true/.test(value)) ||
    (typeof title === 'string' && title.startsWith('[SAMPLE]'))
  );
};

const lambdaOf = (event: unknown): Pick<Finding, 'lambda'> => {
  const path = 'detail.resource.lambdaDetails';
  if (!isRecord(at(event, path))) return {};
  const functionName = name(event, `${path}.functionName`, 'function');
  return {
    lambda: {
      functionArn: wantedText(event, `${path}.functionArn`),
      functionName,
      role: wantedText(event, `${path}.role`),
    },
  };
};

const accessKeyOf = (event: unknown): Pick<Finding, 'accessKey'> => {
  const path = 'detail.resource.accessKeyDetails';
  if (!isRecord(at(event, path))) return {};
  const [principalId, userName, userType] = ['principalId', 'userName', 'userType'].map((key) =>
    wantedText(event, `${path}.${key}`),
  );
  return {
    accessKey: {
      principalId: principalId ?? '',
      userName: userName ?? '',
      userType: userType ?? '',
    },
  };
};

/** The only parser of raw GuardDuty events. Throws an EdgeError with the path of a wrong field. */
export const parseFinding = (event: unknown, drill: boolean): Finding => {
  if (!isRecord(event)) throw wrong('event', 'an object', event);
  if (!isRecord(event.detail)) throw wrong('detail', 'an object', event.detail);
  return {
    id: name(event, 'detail.id', 'findingId'),
    detectorId: detectorOf(event),
    type: wantedText(event, 'detail.type'),
    severity: severity(event, 'detail.severity'),
    account: name(event, 'detail.accountId', 'account'),
    region: name(event, 'detail.region', 'region'),
    partition:
      optional(event, 'detail.partition', (from, path) => name(from, path, 'partition')) ?? 'aws',
    title: wantedText(event, 'detail.title'),
    sample: isSample(event),
    archived: flag(event, 'detail.service.archived'),
    drill,
    updatedAt: time(event, 'detail.updatedAt'),
    firstSeen: optional(event, 'detail.service.eventFirstSeen', time),
    lastSeen: optional(event, 'detail.service.eventLastSeen', time),
    eventAt: optional(event, 'time', time),
    resourceType: wantedText(event, 'detail.resource.resourceType'),
    attacker: attackerIn(event),
    ...lambdaOf(event),
    ...accessKeyOf(event),
    ...(isSequence(event) && { sequence: principalsIn(event) }),
  };
};
