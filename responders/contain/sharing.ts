import type { FunctionReads, Neighbour } from '../decide/function-reads.ts';
import { readFunctionFacts } from '../decide/function-reads.ts';
import { exemption } from '../decide/never-contain.ts';
import { lagSecondsOf } from '../decide/settings.ts';
import { isNew, sharingOf } from '../decide/sharing.ts';
import type { Deadlines } from '../decide/suspect-kind.ts';
import { beganAt } from '../finding/began.ts';
import type { Case } from '../incident/case.ts';
import { copiesOf, type FunctionSuspect, type Sharing, type Suspect } from '../incident/suspect.ts';
import { attempt } from '../shared/attempt.ts';
import { placeText } from '../shared/function-place.ts';
import { textAt } from '../shared/json.ts';
import { earlierMs, isSuspicious, type ReadChanges } from './changes.ts';
import { judgedCopies } from './copies.ts';
import type { ContainDeps } from './judge.ts';

/** What the watch needs besides what containment needs. */
export interface WatchDeps extends ContainDeps {
  readonly readChanges: ReadChanges;
  /**
   * The moment, in epoch milliseconds, after which a look begins nothing further, because its
   * function is about to end. Where this is missing, the look counts from its own begin.
   */
  readonly until?: number;
}

/** Calls that give a role to a function, and the one that lets others assume it. */
const givingRole = ['CreateFunction20150331', 'UpdateFunctionConfiguration20150331v2'];
const changingTrust = 'UpdateAssumeRolePolicy';

/** How the role came to be shared since the activity began. */
interface NewSharing {
  /** Functions that were given the role. */
  readonly functions: ReadonlySet<string>;
  readonly isTrustNew: boolean;
}

const nothingNew: NewSharing = { functions: new Set(), isTrustNew: false };

const readNewSharing = async (
  suspect: FunctionSuspect,
  since: number,
  { readChanges, aws: { further } }: WatchDeps,
): Promise<NewSharing> => {
  const { roleName } = suspect;
  const changes = await readChanges([...givingRole, changingTrust], since - earlierMs);
  const suspicious = changes.filter((record) => isSuspicious(record, [suspect], since));
  const parameter = (record: unknown, name: string): string =>
    textAt(record, `requestParameters.${name}`) ?? '';
  return {
    functions: new Set(
      suspicious
        .filter((record) => parameter(record, 'role').endsWith(`/${roleName}`))
        .map((record) => {
          const functionName = parameter(record, 'functionName').split(':').at(-1) ?? '';
          const region = textAt(record, 'awsRegion') ?? '';
          return placeText({ functionName, region: further.has(region) ? region : undefined });
        }),
    ),
    isTrustNew: suspicious.some(
      (record) =>
        textAt(record, 'eventName') === changingTrust && parameter(record, 'roleName') === roleName,
    ),
  };
};

/** Whether CloudTrail has had the time to record how a neighbour was last changed. */
const isRecorded = ({ changedAt }: Neighbour, incident: Case, deps: ContainDeps): boolean => {
  const lag = lagSecondsOf(incident.head, deps.settings);
  return changedAt === null || deps.now() > changedAt + lag * 1000;
};

interface SharingFacts {
  readonly reads: FunctionReads;
  readonly since: number;
  readonly news: NewSharing;
}

/**
 * Sharing that is younger than the activity is no sharing: an intruder may have made it, so that
 * only one function is denied.
 */
const judgedSharing = (
  { reads: { role, neighbours }, since, news }: SharingFacts,
  incident: Case,
  deps: ContainDeps,
): Sharing => {
  if (!role.ok || !neighbours.ok) return sharingOf({ role, neighbours }, since);
  const older = neighbours.value.filter(({ name }) => !news.functions.has(name));
  if (role.value.otherTrust.length > 0 && !news.isTrustNew) return 'shared';
  const isOld = (neighbour: Neighbour): boolean =>
    !isNew(neighbour, since) || isRecorded(neighbour, incident, deps);
  if (older.some(isOld)) return 'shared';
  return older.length > 0 ? 'unknown' : 'sole';
};

/** The functions that were given the role, and may be contained. */
const addedFunctions = (
  { reads: { neighbours }, news }: SharingFacts,
  { settings, now }: ContainDeps,
): string[] => {
  const isExempt = (arn: string): boolean =>
    exemption({ arns: [arn], account: settings.account }, settings, now()) !== undefined;
  return neighbours.ok
    ? neighbours.value
        .filter(({ name, arn }) => news.functions.has(name) && !isExempt(arn))
        .map(({ name }) => name)
    : [];
};

/** What the reads and CloudTrail say about who uses the role. */
const resolved = async (
  suspect: FunctionSuspect,
  reads: FunctionReads,
  incident: Case,
  { neighboursMs }: Deadlines,
  deps: WatchDeps,
): Promise<FunctionSuspect> => {
  const since = beganAt(incident);
  if (since === null || incident.head.drill)
    return { ...suspect, sharing: sharingOf(reads, since) };
  const { role, neighbours } = reads;
  const isOpen =
    (role.ok && role.value.otherTrust.length > 0) ||
    (neighbours.ok && neighbours.value.some((other) => isNew(other, since - earlierMs)));
  const history = isOpen
    ? await attempt(neighboursMs, readNewSharing(suspect, since, deps))
    : { ok: true as const, value: nothingNew };
  if (!history.ok) return { ...suspect, sharing: sharingOf(reads, since) };
  const judged = { reads, since, news: history.value };
  const added = [...new Set([...(suspect.added ?? []), ...addedFunctions(judged, deps)])];
  const sharing = judgedSharing(judged, incident, deps);
  return { ...suspect, sharing, ...(added.length > 0 && { added }) };
};

/**
 * Looks again who uses the role of a suspect, until nobody else does: with longer deadlines than
 * the first containment had, and with what CloudTrail has recorded since. A drill contains what is
 * tagged for drills and nothing else, so it takes sharing as it is.
 */
export const resolveSharing = async (
  suspect: Suspect,
  incident: Case,
  deadlines: Deadlines,
  deps: WatchDeps,
): Promise<Suspect> => {
  if (suspect.kind !== 'function' || suspect.sharing === 'sole') return suspect;
  const names = { ...suspect, regions: [suspect.region] } as const;
  const { neighbours, ...others } = await readFunctionFacts(names, deps.aws, deadlines);
  if (!neighbours.ok)
    return resolved(suspect, { ...others, neighbours }, incident, deadlines, deps);
  const copies = await judgedCopies(suspect, neighbours.value, incident, deadlines, deps);
  // What is contained with the suspect is nobody else.
  const { contained } = copiesOf({ copies });
  const strangers = neighbours.value.filter(({ name }) => !contained.includes(name));
  const reads = { ...others, neighbours: { ...neighbours, value: strangers } };
  const known = await resolved(suspect, reads, incident, deadlines, deps);
  const apart = copies.filter(({ place }) => !known.added?.includes(place));
  return { ...known, ...(apart.length > 0 && { copies: apart }) };
};
