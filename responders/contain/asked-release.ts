import type { Case, Head } from '../incident/case.ts';
import {
  heartbeatFields,
  heartbeatName,
  heartbeatWord,
  isHeartbeat,
} from '../incident/heartbeat.ts';
import { isIncidentId } from '../incident/incident-id.ts';
import { type ProofRefusal, refused } from '../incident/proof.ts';
import { releaseFields } from '../incident/proven-fields.ts';
import { readCase } from '../incident/read-case.ts';
import { suspectsOf } from '../incident/suspect.ts';
import { UnknownIncidentError } from '../shared/errors.ts';
import { at, textAt } from '../shared/json.ts';
import { believedPerson } from './believed.ts';
import type { ContainDeps } from './judge.ts';
import { type Released, type ReleaseRequest, release } from './release.ts';

/** Somebody asked for a release and is not believed: nothing was touched. */
export interface RefusedRelease {
  /** Null where none was named that could be one. */
  readonly incidentId: string | null;
  readonly released: false;
  /** A clause: `it came without a proof`. */
  readonly refused: string;
}

const caseIfThere = async (id: string, { table }: ContainDeps): Promise<Case | undefined> => {
  try {
    return await readCase(table, id);
  } catch (error) {
    if (error instanceof UnknownIncidentError) return undefined;
    throw error;
  }
};

interface AskedWord {
  readonly word: Omit<ReleaseRequest, 'incidentId'>;
  /** Missing where the word is believed. */
  readonly refusal: ProofRefusal | undefined;
}

/**
 * The heartbeat is no person and signs nothing. Its key is that of drills, so it can release the
 * drill of its canary only: any other incident needs a person, whatever the proof says.
 */
const heartbeatAsks = async (
  input: unknown,
  head: Head,
  { checkProof }: ContainDeps,
): Promise<AskedWord> => ({
  word: heartbeatWord,
  refusal: isHeartbeat(head)
    ? await checkProof('drill', heartbeatFields(head), at(input, 'proof'))
    : refused('canary'),
});

const personAsks = async (input: unknown, head: Head, deps: ContainDeps): Promise<AskedWord> => {
  const word = {
    by: textAt(input, 'by') ?? '',
    reason: textAt(input, 'reason') ?? '',
    letSessionsLive: at(input, 'letSessionsLive') === true,
  };
  const credential = { proof: at(input, 'proof'), identity: at(input, 'identity') };
  const person = await believedPerson('release', releaseFields(head, word), credential, {
    suspects: suspectsOf(head),
    deps,
  });
  return { word, refusal: 'why' in person ? person : undefined };
};

/**
 * Releases what a person or the heartbeat asks for, once the asker is believed. Anybody who may
 * start executions can send the input, so nothing of it is printed before.
 */
export const askedRelease = async (
  input: unknown,
  deps: ContainDeps,
): Promise<Released | RefusedRelease> => {
  const incidentId = textAt(input, 'incidentId') ?? '';
  if (!isIncidentId(incidentId))
    return { incidentId: null, released: false, refused: 'it names no incident' };
  const incident = await caseIfThere(incidentId, deps);
  if (!incident) return { incidentId, released: false, refused: 'there is no such incident' };
  const asks = textAt(input, 'by') === heartbeatName ? heartbeatAsks : personAsks;
  const { word, refusal } = await asks(input, incident.head, deps);
  if (!refusal) return release({ incidentId, ...word }, deps);
  deps.log('release refused', { incidentId, why: refusal.kind });
  return { incidentId, released: false, refused: refusal.why };
};
