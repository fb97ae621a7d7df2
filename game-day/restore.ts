import { explain } from '../local/engine/disk-errors.ts';
import { readInbox } from '../local/inbox.ts';
import { incidentOf } from '../operator/cases.ts';
import { denialOf, restoreDenial } from '../operator/earlier-sessions.ts';
import { type ReleaseOutcome, releaseIncident } from '../operator/release.ts';
import { holdsWithin, until } from '../operator/wait.ts';
import type { Case } from '../responders/incident/case.ts';
import { readCase } from '../responders/incident/read-case.ts';
import { accountState, differences } from './account-state.ts';
import { tryEntryPoints } from './entry-attempts.ts';
import { heldNames, heldTargets } from './held-targets.ts';
import { streak } from './probe.ts';
import { observe, type Rehearsal, recentCallsWere } from './rehearsal.ts';

/**
 * A step that fails must not keep the next ones from being taken; the drill reports the first
 * failure.
 */
const tryStep = async (
  rehearsal: Rehearsal,
  failure: string,
  step: () => Promise<void>,
): Promise<void> => {
  try {
    await step();
  } catch (error) {
    const sentence = `${failure}: ${explain(error, '.cordon').message}`;
    rehearsal.progress(sentence);
    observe(rehearsal, { stoppedBy: rehearsal.observations.stoppedBy ?? sentence });
  }
};

/**
 * The incident, even if the drill gave up before it was there: what contains late must be released
 * too.
 */
const settledIncident = async (rehearsal: Rehearsal): Promise<Case | undefined> => {
  const { table, claim, observations, incidentWithin } = rehearsal;
  if (!claim || observations.injectedAt === null) return undefined;
  let incidentId: string | undefined;
  await holdsWithin(async () => {
    incidentId = await incidentOf(table, claim);
    return incidentId !== undefined;
  }, incidentWithin / 2);
  if (incidentId === undefined) return undefined;
  const id = incidentId;
  rehearsal.incidentId = id;
  const readSettled = async (): Promise<Case | undefined> => {
    const incident = await readCase(table, id);
    return incident.head.state === 'open' ? undefined : incident;
  };
  return until(readSettled, { within: 30_000, timeoutMessage: `${id} is still open` });
};

/**
 * A person whose rights do not suffice to deny the stolen session must not leave the workload
 * contained: the drill then releases it all the same, and fails.
 */
const releaseDrill = async (rehearsal: Rehearsal, incident: Case): Promise<ReleaseOutcome> => {
  const { context, scenario, progress } = rehearsal;
  const reason = `end of the drill ${scenario.id}`;
  try {
    return await releaseIncident(context.place, incident, { reason });
  } catch (error) {
    const sentence = explain(error, '.cordon').message;
    progress(`${sentence}; releasing, and the stolen session may work again`);
    observe(rehearsal, { stoppedBy: rehearsal.observations.stoppedBy ?? sentence });
    return releaseIncident(context.place, incident, { reason, letSessionsLive: true });
  }
};

const release = async (rehearsal: Rehearsal): Promise<void> => {
  const { context, progress } = rehearsal;
  const incident = await settledIncident(rehearsal);
  if (!incident || incident.befores.length === 0 || incident.head.state === 'released') return;
  observe(rehearsal, { releasedAt: context.now() });
  const { workload } = rehearsal.observations;
  const earlier = await denialOf(context.place, workload);
  const released = await releaseDrill(rehearsal, incident);
  rehearsal.denial = { earlier, own: await denialOf(context.place, workload) };
  observe(rehearsal, { released });
  const { id } = incident.head;
  progress(
    released.released
      ? 'released'
      : `NOT released (${released.error ?? 'see the report'}): cordon release ${id} --reason "…"`,
  );
};

const tryAfterRelease = async (rehearsal: Rehearsal): Promise<void> => {
  const { attack, context, observations } = rehearsal;
  if (!attack || !observations.released?.released) return;
  const attempts = await tryEntryPoints(attack.entryPoints, 'after');
  await holdsWithin(async () => recentCallsWere(rehearsal, 'denied', streak), 10_000);
  observe(rehearsal, {
    openAgainAt: context.now(),
    attempts: [...rehearsal.observations.attempts, ...attempts],
  });
};

/** The denial of the drill would stay until its session expires, and may have replaced another. */
const endDenial = async ({ context, observations, denial }: Rehearsal): Promise<void> => {
  if (denial) await restoreDenial(context.place, observations.workload, denial);
};

const cleanUp = async (rehearsal: Rehearsal): Promise<void> => {
  const leftovers = await rehearsal.context.cleanUp();
  for (const sentence of leftovers) rehearsal.progress(sentence);
  observe(rehearsal, { leftovers });
};

/** What incidents other than the drill's own contain now, or contained when the drill began. */
const heldByOthers = async ({
  table,
  targets,
  heldBefore,
  claim,
}: Rehearsal): Promise<ReadonlyMap<string, string>> => {
  const own = claim ? await incidentOf(table, claim) : undefined;
  const held = [...heldBefore, ...(await heldTargets(table, targets))];
  return heldNames(held.filter(({ incidentId }) => incidentId !== own));
};

/**
 * Event sources take a moment to be enabled again, so the comparison is repeated for a while. What
 * another incident changed meanwhile is no difference of this drill.
 */
const compare = async (rehearsal: Rehearsal): Promise<void> => {
  const { targets, context, before } = rehearsal;
  const operator = await context.place.config('operator');
  let changes: readonly string[] = [];
  let held: ReadonlyMap<string, string> = new Map();
  await holdsWithin(async () => {
    held = await heldByOthers(rehearsal);
    changes = differences(before, await accountState(targets, operator), held.keys());
    return changes.length === 0;
  }, 30_000);
  const notCompared = [...held].map(([target, incidentId]) => `${target} (${incidentId})`);
  observe(rehearsal, { differences: changes, notCompared });
  if (notCompared.length > 0)
    rehearsal.progress(`not compared, held by another incident: ${notCompared.join(', ')}`);
  rehearsal.progress(
    changes.length === 0
      ? 'everything is as it was before'
      : `NOT as before: ${changes.join('; ')}`,
  );
};

/** The mails, and the incident with the stages and mails that came after it was closed. */
const readRecord = async (rehearsal: Rehearsal): Promise<void> => {
  const { table, context, observations, incidentId } = rehearsal;
  const { local } = context.place;
  if (local) observe(rehearsal, { mails: readInbox(local.runDir) });
  if (observations.closed && incidentId)
    observe(rehearsal, { closed: await readCase(table, incidentId) });
};

/** Releases, checks that everything works again, removes what the drill made, and compares. */
export const restore = async (rehearsal: Rehearsal): Promise<void> => {
  await tryStep(rehearsal, 'the release failed', () => release(rehearsal));
  await tryStep(rehearsal, 'it could not be seen whether everything works again', () =>
    tryAfterRelease(rehearsal),
  );
  await rehearsal.probing?.stop();
  await tryStep(rehearsal, 'the denial of the stolen session could not be taken back', () =>
    endDenial(rehearsal),
  );
  await cleanUp(rehearsal);
  await tryStep(rehearsal, 'the account could not be compared', () => compare(rehearsal));
  await tryStep(rehearsal, 'the record could not be read again', () => readRecord(rehearsal));
};
