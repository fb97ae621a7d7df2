import type { Settings } from '../decide/settings.ts';
import { type Finding, parseFinding } from '../finding/finding.ts';
import { drillFields, proofMember } from '../incident/drill.ts';
import type { CheckProof } from '../incident/proof.ts';
import { attempt } from '../shared/attempt.ts';
import { EdgeError } from '../shared/errors.ts';
import type { Grant } from '../shared/grant.ts';
import { at, isRecord, listAt, textAt } from '../shared/json.ts';
import type { CallService } from '../shared/signed-json.ts';
import { contradictionOf, isOutdated } from './contradiction.ts';
import { readMs } from './patience.ts';

/** The finding is what it says. */
export interface Believed {
  readonly is: 'believed';
  /** What is judged: GuardDuty’s copy, where there is one. */
  readonly finding: Finding;
  /** What is stored; the event as it arrived where this is missing. */
  readonly event?: unknown;
  /** Why a person decides all the same. */
  readonly doubt?: string;
}

interface Forged {
  readonly is: 'forged';
  readonly why: string;
  /** GuardDuty may answer with it in a moment, so a retry decides. */
  readonly mayBeTooNew?: boolean;
}

/** Whether it is forged could not be found out. `busy`: a retry may find out. */
interface Unknown {
  readonly is: 'unknown';
  readonly why: string;
  readonly busy: boolean;
  /** GuardDuty’s finding is a newer one, and names others. */
  readonly isOutdated?: true;
}

/** Whether a finding is what it says: who may start an execution can write any event into it. */
export type Provenance = Believed | Forged | Unknown;

/** Finds out whether a finding is what it says; `event` is the event that it was read from. */
export type FindProvenance = (
  finding: Finding,
  event: unknown,
  isLastTry?: boolean,
) => Promise<Provenance>;

export interface ProvenanceDeps {
  readonly settings: Settings;
  /** Calls GuardDuty in a region whose findings are believed; `undefined` for another region. */
  readonly guardDuty: (region: string) => CallService | undefined;
  readonly checkProof: CheckProof;
}

/** The calls that finding out sends. */
export const provenanceCalls: readonly Grant[] = [
  { on: 'guardduty:detector/*', may: ['GetFindings'] },
  { on: 'guardduty:*', may: ['ListDetectors'] },
];

const couldNotAsk = (why: string): string =>
  `GuardDuty could not be asked whether it has this finding (${why})`;

/** GuardDuty says which member of the request it refuses. */
const refuses = (member: 'detectorId' | 'findingIds', error: unknown): boolean =>
  error instanceof Error && error.name === 'BadRequestException' && error.message.includes(member);

const forged = (why: string): Forged => ({ is: 'forged', why });

/**
 * Asks for the finding at the detector that it names. Where this region has no detector at all,
 * somebody switched GuardDuty off, which makes a real finding look forged: then this throws.
 */
const ask = async (
  guardDuty: CallService,
  detectorId: string,
  id: string,
): Promise<{ readonly is: 'held'; readonly copy: unknown } | Forged> => {
  const path = `/detector/${detectorId}/findings/get`;
  try {
    const answer = await guardDuty({ method: 'POST', path, body: { findingIds: [id] } });
    const copy = listAt(answer, 'findings').find((finding) => textAt(finding, 'id') === id);
    return copy === undefined
      ? { ...forged('GuardDuty has no finding with its id'), mayBeTooNew: true }
      : { is: 'held', copy };
  } catch (error) {
    if (refuses('findingIds', error)) return forged('GuardDuty refuses its id');
    if (!refuses('detectorId', error)) throw error;
    const answer = await guardDuty({ method: 'GET', path: '/detector' });
    if (listAt(answer, 'detectorIds').length > 0)
      return forged('it names a detector that GuardDuty does not have');
    throw new Error('GuardDuty is switched off: this region has no detector', { cause: error });
  }
};

const outdatedEvent =
  'the event is older than GuardDuty’s finding with its id, which names others by now';

const isArchived = 'somebody archived the finding in GuardDuty';

/**
 * GuardDuty’s copy is what is judged, as far as it is about the same workload. Its members are
 * named as those of an event’s detail.
 */
const compared = (claimed: Finding, event: unknown, detail: unknown): Provenance => {
  const kept = { ...(isRecord(event) ? event : {}), detail };
  let copy: Finding;
  try {
    copy = parseFinding(kept, false);
  } catch (error) {
    if (!(error instanceof EdgeError)) throw error;
    return { is: 'unknown', busy: false, why: `GuardDuty’s copy of it: ${error.message}` };
  }
  if (isOutdated(claimed, copy))
    return { is: 'unknown', busy: false, isOutdated: true, why: outdatedEvent };
  const other = contradictionOf(claimed, copy);
  if (other) return forged(`GuardDuty’s finding with its id is about ${other}`);
  // An intruder may archive what accuses him, before its event arrives too.
  return copy.archived
    ? { is: 'believed', event: kept, finding: { ...copy, archived: false }, doubt: isArchived }
    : { is: 'believed', event: kept, finding: copy };
};

const isElsewhere = ({ account, partition }: Finding, { settings }: ProvenanceDeps): boolean =>
  account !== settings.account || partition !== settings.partition;

/** Asks GuardDuty, in the region that a finding names, whether it has this finding. */
const guardDutyProvenance = async (
  finding: Finding,
  event: unknown,
  deadlineMs: number,
  deps: ProvenanceDeps,
): Promise<Provenance> => {
  const guardDuty = deps.guardDuty(finding.region);
  // Nothing is touched elsewhere, so nothing needs a proof.
  if (!guardDuty || isElsewhere(finding, deps)) return { is: 'believed', finding };
  const { detectorId, id } = finding;
  if (detectorId === null) return forged('it names no detector of GuardDuty');
  const answer = await attempt(deadlineMs, ask(guardDuty, detectorId, id));
  if (!answer.ok) return { is: 'unknown', why: couldNotAsk(answer.why), busy: answer.busy };
  return answer.value.is === 'held' ? compared(finding, event, answer.value.copy) : answer.value;
};

/** Whoever may drill proves it with a MAC over the finding. */
const drillProvenance = async (
  finding: Finding,
  event: unknown,
  deadlineMs: number,
  { checkProof }: ProvenanceDeps,
): Promise<Provenance> => {
  const detail = at(event, 'detail');
  if (!isRecord(detail)) return forged('it is a drill without a finding');
  const check = checkProof('drill', drillFields(detail), detail[proofMember]);
  const refusal = await attempt(deadlineMs, check);
  if (!refusal.ok)
    return {
      is: 'unknown',
      why: `the proof of the drill could not be verified (${refusal.why})`,
      busy: refusal.busy,
    };
  return refusal.value
    ? forged(`it says that it is a drill, but ${refusal.value.why}`)
    : { is: 'believed', finding };
};

/** A real finding is one that GuardDuty has; a drill is one that the drill role has proven. */
export const provenanceFinder =
  (deps: ProvenanceDeps): FindProvenance =>
  (finding, event, isLastTry = false) => {
    const find = finding.drill ? drillProvenance : guardDutyProvenance;
    return find(finding, event, readMs(isLastTry), deps);
  };
