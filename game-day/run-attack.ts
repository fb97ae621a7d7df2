import { incidentOf, isSettled } from '../operator/cases.ts';
import { CordonError } from '../operator/errors.ts';
import { deadLetterOf, putEvent } from '../operator/event-bus.ts';
import {
  downloadRecorded,
  evidenceOf,
  reportOf,
  timelineOf,
} from '../operator/recorded-evidence.ts';
import { holdsWithin, until } from '../operator/wait.ts';
import type { Case } from '../responders/incident/case.ts';
import { readCase } from '../responders/incident/read-case.ts';
import { isClosed } from '../responders/incident/stage.ts';
import { elapsed, moments } from './elapsed.ts';
import { tryEntryPoints } from './entry-attempts.ts';
import { startProbes, streak } from './probe.ts';
import { observe, type Rehearsal, recentCallsWere } from './rehearsal.ts';
import type { Attack } from './scenario.ts';

const startAttack = async (rehearsal: Rehearsal): Promise<Attack> => {
  const { scenario, context, progress } = rehearsal;
  const attack = await scenario.attack(context);
  rehearsal.attack = attack;
  observe(rehearsal, { attempts: await tryEntryPoints(attack.entryPoints, 'before') });
  const probing = startProbes(attack.probes, { now: context.now });
  rehearsal.probing = probing;
  observe(rehearsal, { calls: probing.calls });
  await attack.discover();
  const working = await holdsWithin(
    async () => recentCallsWere(rehearsal, 'allowed', 4),
    20_000,
    rehearsal.signal,
  );
  if (!working) {
    const bad = probing.calls.find(({ outcome }) => outcome !== 'allowed');
    const why = bad ? `${bad.probe}: ${bad.answer}` : 'no answer';
    throw new CordonError(`the attack does not work, so there is nothing to contain: ${why}`);
  }
  progress(`the attack is under way: ${attack.probes.length} probes, 4 calls a second each`);
  return attack;
};

const inject = async (rehearsal: Rehearsal, { detail }: Attack): Promise<string> => {
  const { context, table, progress, incidentWithin: within } = rehearsal;
  const { account, region } = context.place;
  const claim = { drill: true, account, region, findingId: String(detail.id) };
  rehearsal.claim = claim;
  observe(rehearsal, { injectedAt: context.now() });
  const event = { detailType: 'GuardDuty Finding', detail };
  const injected = await putEvent(context.place, 'drills', event);
  if ('refused' in injected) throw new CordonError(injected.refused);
  progress(`the finding is on the drill bus: ${String(detail.type)}`);
  const timeoutMessage =
    `no incident after ${within / 1_000} s: look at the executions of the incident machine, ` +
    'and at its dead-letter queue';
  const id = await until(() => incidentOf(table, claim), {
    within,
    timeoutMessage,
    signal: rehearsal.signal,
  }).catch(async (error: unknown) => {
    const deadLetter = await deadLetterOf(context.place, injected.eventId);
    throw deadLetter ? new CordonError(deadLetter) : error;
  });
  rehearsal.incidentId = id;
  return id;
};

/**
 * Where Cordon could not find out in time who else uses the role, it stops one function first, and
 * the watch widens the containment later. Waits for that, and returns the incident as it is then.
 */
const afterWidening = async (
  { table, scenario, signal }: Rehearsal,
  settled: Case,
): Promise<Case> => {
  let incident = settled;
  const { suspect } = settled.head;
  if (suspect?.kind !== 'function' || suspect.sharing !== 'unknown') return incident;
  await holdsWithin(
    async () => {
      incident = await readCase(table, settled.head.id);
      return scenario.responders.every((wanted) =>
        incident.actions.some(({ responder }) => responder === wanted),
      );
    },
    60_000,
    signal,
  );
  return incident;
};

const waitForContainment = async (rehearsal: Rehearsal, id: string): Promise<void> => {
  const { table, progress, observations } = rehearsal;
  const readSettled = async (): Promise<Case | undefined> => {
    const incident = await readCase(table, id);
    return isSettled(incident) ? incident : undefined;
  };
  const settled = await until(readSettled, {
    within: 30_000,
    timeoutMessage: `${id} is still open after 30 s: look at "cordon show ${id}"`,
    signal: rehearsal.signal,
  });
  const contained = await afterWidening(rehearsal, settled);
  observe(rehearsal, { contained });
  const { state, clocks, decision } = contained.head;
  const after = elapsed(
    moments.injected(observations.injectedAt),
    moments.effective(clocks.effective),
  );
  progress(`${id}: ${state}${'ms' in after ? ` ${after.ms} ms after the event` : ''}`);
  if (decision.kind !== 'contain')
    throw new CordonError(`Cordon did not contain: ${decision.reason}`);
};

/** Every access of the attacker, while the incident is contained. */
const tryWhileContained = async (rehearsal: Rehearsal, attack: Attack): Promise<void> => {
  const denied = await holdsWithin(
    async () => recentCallsWere(rehearsal, 'denied', streak),
    30_000,
    rehearsal.signal,
  );
  rehearsal.progress(
    denied ? 'the stolen session is denied by every call' : 'the stolen session still WORKS',
  );
  await attack.discover();
  const attempts = await tryEntryPoints(attack.entryPoints, 'contained');
  observe(rehearsal, { attempts: [...rehearsal.observations.attempts, ...attempts] });
};

const waitForClose = async (rehearsal: Rehearsal, id: string): Promise<void> => {
  const { table, context, progress } = rehearsal;
  progress('waiting for evidence, timeline and report');
  const readClosed = async (): Promise<Case | undefined> => {
    const incident = await readCase(table, id);
    return isClosed(incident.stages) ? incident : undefined;
  };
  const closed = await until(readClosed, {
    within: 300_000,
    every: 100,
    signal: rehearsal.signal,
    timeoutMessage: `${id} is not closed after 300 s: look at "cordon show ${id}"`,
  });
  observe(rehearsal, { closed });
  const source = await evidenceOf(context.place, closed.head);
  const [evidence, timeline, report] = await Promise.all([
    downloadRecorded(closed, source),
    timelineOf(closed, source),
    reportOf(closed, source),
  ]);
  observe(rehearsal, { evidence, timeline, report });
  progress(`${evidence.length} evidence objects, ${timeline.length} timeline events`);
};

/**
 * From the attack to the closed incident. Throws where going on makes no sense; the observations
 * until then are kept.
 */
export const runAttack = async (rehearsal: Rehearsal): Promise<void> => {
  const attack = await startAttack(rehearsal);
  const id = await inject(rehearsal, attack);
  await waitForContainment(rehearsal, id);
  await tryWhileContained(rehearsal, attack);
  await waitForClose(rehearsal, id);
};
