import type { Case } from '../incident/case.ts';
import { incidentOfClaim } from '../incident/case-table.ts';
import { drillFields, proofMember } from '../incident/drill.ts';
import {
  type HeartbeatStep,
  heartbeatFields,
  heartbeatSteps,
  heartbeatWord,
} from '../incident/heartbeat.ts';
import type { IncidentState } from '../incident/incident.ts';
import { oneOf, textOf } from '../incident/input.ts';
import type { ProvenFields } from '../incident/proof.ts';
import { readCase } from '../incident/read-case.ts';
import { isClosed } from '../incident/stage.ts';
import type { Table } from '../incident/table.ts';
import { HeartbeatError, WaitingError } from '../shared/errors.ts';
import { type AttemptKind, attemptKinds, type MakeAttempts } from './attempts.ts';
import { findingIdOf, type HeartbeatOrigin, heartbeatFinding } from './finding.ts';

export interface BeatDeps {
  readonly table: Table;
  readonly place: Omit<HeartbeatOrigin, 'execution' | 'startedAt'>;
  readonly attempts: MakeAttempts;
  /** Makes a MAC with the key of drills. */
  readonly prove: (fields: ProvenFields) => Promise<string>;
  /** Puts a finding on the drill bus; throws where the bus refuses it. */
  readonly send: (detail: Readonly<Record<string, unknown>>) => Promise<void>;
}

/** The execution that asks, as Step Functions names it. */
interface Beat {
  readonly execution: string;
  readonly startedAt: string;
}

const incidentIdOf = ({ execution }: Beat, { table, place }: BeatDeps) =>
  incidentOfClaim(table, {
    drill: true,
    account: place.account,
    region: place.region,
    findingId: findingIdOf(execution),
  });

const incidentOf = async (beat: Beat, deps: BeatDeps): Promise<Case> => {
  const id = await incidentIdOf(beat, deps);
  if (id === undefined) throw new WaitingError('no incident has come of the finding yet');
  return readCase(deps.table, id);
};

/** Waits for a state; any other state that is not on the way to it ends the heartbeat. */
const inState = async (
  state: IncidentState,
  onTheWay: readonly IncidentState[],
  beat: Beat,
  deps: BeatDeps,
): Promise<Case> => {
  const incident = await incidentOf(beat, deps);
  const { head } = incident;
  if (head.state === state) return incident;
  const said = `${head.id} is ${head.state}, not ${state} (${head.decision.reason})`;
  throw onTheWay.includes(head.state) ? new WaitingError(said) : new HeartbeatError(said);
};

const words: Readonly<Record<AttemptKind, string>> = {
  start: 'be started',
  call: 'call AWS with its role',
};
const listed = (kinds: readonly AttemptKind[]): string =>
  kinds.map((kind) => words[kind]).join(' and ');

/** A canary that is contained from before would prove nothing. */
const contain = async (beat: Beat, deps: BeatDeps): Promise<object> => {
  // A retry: the finding is on its way, and its canary may be contained already.
  if ((await incidentIdOf(beat, deps)) !== undefined) return {};
  const succeeded = await deps.attempts();
  const missing = attemptKinds.filter((kind) => !succeeded.includes(kind));
  if (missing.length > 0)
    throw new HeartbeatError(
      `the canary cannot ${listed(missing)} before it is contained: release its earlier incident`,
    );
  const finding = heartbeatFinding({ ...deps.place, ...beat });
  const proof = await deps.prove(drillFields(finding));
  await deps.send({ ...finding, [proofMember]: proof });
  return {};
};

const denied = async (beat: Beat, deps: BeatDeps): Promise<object> => {
  const { head } = await inState('contained', ['open'], beat, deps);
  const succeeded = await deps.attempts();
  if (succeeded.length > 0)
    throw new WaitingError(`${head.id} is contained, and the canary can ${listed(succeeded)}`);
  return { incidentId: head.id };
};

/** The input of the release machine, with a proof that releases this incident only. */
const release = async (beat: Beat, deps: BeatDeps): Promise<object> => {
  const { head } = await inState('contained', [], beat, deps);
  const proof = await deps.prove(heartbeatFields(head));
  return { release: { incidentId: head.id, ...heartbeatWord, proof } };
};

const works = async (beat: Beat, deps: BeatDeps): Promise<object> => {
  const { head } = await inState('released', ['contained'], beat, deps);
  const succeeded = await deps.attempts();
  const missing = attemptKinds.filter((kind) => !succeeded.includes(kind));
  if (missing.length > 0)
    throw new WaitingError(`${head.id} is released, and the canary cannot ${listed(missing)}`);
  return { incidentId: head.id };
};

/** Looks at evidence, timeline, report and seal: no mail of this incident would tell a failure. */
const complete = async (beat: Beat, deps: BeatDeps): Promise<object> => {
  const { head, stages } = await inState('released', [], beat, deps);
  const failed = stages.filter(({ status }) => status === 'failed');
  if (failed.length > 0) {
    const names = failed.map(({ name }) => name).join(', ');
    throw new HeartbeatError(`${head.id} is released, and these stages failed: ${names}`);
  }
  if (!isClosed(stages)) throw new WaitingError(`the stages of ${head.id} have not all run`);
  return { incidentId: head.id };
};

const steps: Readonly<Record<HeartbeatStep, (beat: Beat, deps: BeatDeps) => Promise<object>>> = {
  contain,
  denied,
  release,
  works,
  complete,
};

/** Makes one step of a heartbeat. A WaitingError asks for the same step again in a moment. */
export const beat = (input: unknown, deps: BeatDeps): Promise<object> =>
  steps[oneOf(input, 'step', heartbeatSteps)](
    { execution: textOf(input, 'execution'), startedAt: textOf(input, 'startedAt') },
    deps,
  );
