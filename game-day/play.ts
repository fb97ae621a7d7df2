import { incidentOf, isSettled } from '../operator/cases.ts';
import { downloadAll, evidenceOf, reportOf, timelineOf } from '../operator/download.ts';
import { CordonError } from '../operator/errors.ts';
import { deadLetterOf, put } from '../operator/inject.ts';
import { holdsWithin, until } from '../operator/wait.ts';
import { type Case, readCase, type Table } from '../responders/incident/case.ts';
import type { Claim } from '../responders/incident/incident-id.ts';
import type { AccountState, Targets } from './account-state.ts';
import { knockAll } from './knocking.ts';
import { type Probing, startProbes } from './probe.ts';
import type { Attack, Scenario, Stage } from './scenario.ts';
import type { Seen } from './seen.ts';

/** A drill under way: what it has to go by, and what it has seen so far. */
export interface Rehearsal {
  readonly scenario: Scenario;
  readonly stage: Stage;
  readonly table: Table;
  /** What is compared at the end, and what it looked like before. */
  readonly targets: Targets;
  readonly before: AccountState;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal | undefined;
  /** How long an incident may take to appear, in ms. */
  readonly incidentWithin: number;
  seen: Seen;
  attack: Attack | null;
  probing: Probing | null;
  claim: Claim | null;
  incidentId: string | null;
}

export const see = (rehearsal: Rehearsal, more: Partial<Seen>): void => {
  rehearsal.seen = { ...rehearsal.seen, ...more };
};

/** True when the last calls of every attacker's probe, or of every probe, went like this. */
export const lately = (
  { probing, attack }: Rehearsal,
  outcome: 'allowed' | 'denied',
  count: number,
): boolean =>
  (attack?.probes ?? [])
    .filter(({ side }) => side === 'attacker' || outcome === 'allowed')
    .every(({ name }) => {
      const last = (probing?.calls ?? []).filter(({ probe }) => probe === name).slice(-count);
      return last.length === count && last.every((call) => call.outcome === outcome);
    });

const startAttack = async (rehearsal: Rehearsal): Promise<Attack> => {
  const { scenario, stage, progress } = rehearsal;
  const attack = await scenario.attack(stage);
  rehearsal.attack = attack;
  see(rehearsal, { knocks: await knockAll(attack.doors, 'before') });
  const probing = startProbes(attack.probes, { now: stage.now });
  rehearsal.probing = probing;
  see(rehearsal, { calls: probing.calls });
  await attack.lookAround();
  const working = await holdsWithin(
    async () => lately(rehearsal, 'allowed', 4),
    20_000,
    rehearsal.signal,
  );
  const bad = probing.calls.find(({ outcome }) => outcome !== 'allowed');
  if (!working)
    throw new CordonError(
      `the attack does not work, so there is nothing to contain: ${bad ? `${bad.probe}: ${bad.answer}` : 'no answer'}`,
    );
  progress(`the attack is under way: ${attack.probes.length} probes, 4 calls a second each`);
  return attack;
};

const inject = async (rehearsal: Rehearsal, { detail }: Attack): Promise<string> => {
  const { stage, table, progress } = rehearsal;
  const { account, region } = stage.place;
  const claim = { drill: true, account, region, findingId: String(detail.id) };
  rehearsal.claim = claim;
  see(rehearsal, { injectedAt: stage.now() });
  const taken = await put(stage.place, 'drills', { detailType: 'GuardDuty Finding', detail });
  if ('refused' in taken) throw new CordonError(taken.refused);
  progress(`the finding ${String(detail.type)} is on the drill bus`);
  const look = (): Promise<string | undefined> => incidentOf(table, claim);
  const { incidentWithin: within } = rehearsal;
  const sorry = `no incident after ${within / 1_000} s: look at the executions of the incident machine, and at its dead-letter queue`;
  const id = await until(look, { within, sorry, signal: rehearsal.signal }).catch(
    async (error: unknown) => {
      const dead = await deadLetterOf(stage.place, taken.eventId);
      throw dead ? new CordonError(dead) : error;
    },
  );
  rehearsal.incidentId = id;
  return id;
};

/**
 * Where it could not be said in time who else uses the role, one function is stopped first, and the
 * watch widens that without hurry.
 */
const widened = async ({ table, scenario, signal }: Rehearsal, first: Case): Promise<Case> => {
  let found = first;
  if (first.head.suspect?.sharing !== 'unknown') return found;
  await holdsWithin(
    async () => {
      found = await readCase(table, first.head.id);
      return scenario.responders.every((wanted) =>
        found.actions.some(({ responder }) => responder === wanted),
      );
    },
    60_000,
    signal,
  );
  return found;
};

const contained = async (rehearsal: Rehearsal, id: string): Promise<void> => {
  const { table, progress, seen } = rehearsal;
  const look = async (): Promise<Case | undefined> => {
    const found = await readCase(table, id);
    return isSettled(found) ? found : undefined;
  };
  const first = await until(look, {
    within: 30_000,
    sorry: `${id} is still open after 30 s: look at "cordon show ${id}"`,
    signal: rehearsal.signal,
  });
  const found = await widened(rehearsal, first);
  see(rehearsal, { contained: found });
  const ms = (found.head.clocks.effective ?? Number.NaN) - (seen.injectedAt ?? 0);
  progress(`${id}: ${found.head.state}${Number.isNaN(ms) ? '' : ` ${ms} ms after the event`}`);
  if (found.head.decision.kind !== 'contain')
    throw new CordonError(`Cordon did not contain: ${found.head.decision.reason}`);
};

const tryEverything = async (rehearsal: Rehearsal, attack: Attack): Promise<void> => {
  const denied = await holdsWithin(
    async () => lately(rehearsal, 'denied', 8),
    30_000,
    rehearsal.signal,
  );
  rehearsal.progress(
    denied ? 'the stolen session is denied by every call' : 'the stolen session still WORKS',
  );
  await attack.lookAround();
  see(rehearsal, {
    knocks: [...rehearsal.seen.knocks, ...(await knockAll(attack.doors, 'contained'))],
  });
};

const closed = async (rehearsal: Rehearsal, id: string): Promise<void> => {
  const { table, stage, progress } = rehearsal;
  progress('waiting for evidence, timeline and report');
  const look = async (): Promise<Case | undefined> => {
    const found = await readCase(table, id);
    return found.stages.some(({ name }) => name === 'close') ? found : undefined;
  };
  const found = await until(look, {
    within: 300_000,
    every: 100,
    signal: rehearsal.signal,
    sorry: `${id} is not closed after 300 s: look at "cordon show ${id}"`,
  });
  see(rehearsal, { closed: found });
  const evidence = await evidenceOf(stage.place, found.head);
  const [held, timeline, report] = await Promise.all([
    downloadAll(found, evidence),
    timelineOf(found, evidence),
    reportOf(found, evidence),
  ]);
  see(rehearsal, { evidence: held, timeline, report });
  progress(`${held.length} evidence objects, ${timeline.length} timeline events`);
};

/**
 * From the theft to the closed incident. Throws where going on makes no sense; what was seen until
 * then is kept.
 */
export const play = async (rehearsal: Rehearsal): Promise<void> => {
  const attack = await startAttack(rehearsal);
  const id = await inject(rehearsal, attack);
  await contained(rehearsal, id);
  await tryEverything(rehearsal, attack);
  await closed(rehearsal, id);
};
