import { readInbox } from '../local/inbox.ts';
import { incidentOf } from '../operator/cases.ts';
import { explain } from '../operator/errors.ts';
import { undo } from '../operator/release.ts';
import { holdsWithin, until } from '../operator/wait.ts';
import { type Case, readCase } from '../responders/incident/case.ts';
import { accountState, differences } from './account-state.ts';
import { knockAll } from './knocking.ts';
import { lately, type Rehearsal, see } from './play.ts';

/**
 * A step back that fails must not keep the next ones from being taken; the first trouble is what
 * the drill reports.
 */
const tryTo = async (
  rehearsal: Rehearsal,
  what: string,
  step: () => Promise<void>,
): Promise<void> => {
  try {
    await step();
  } catch (error) {
    const trouble = `${what}: ${explain(error, '.cordon').message}`;
    rehearsal.progress(trouble);
    see(rehearsal, { broke: rehearsal.seen.broke ?? trouble });
  }
};

/**
 * The incident, even if the drill gave up before it was there: what contains late must be released
 * too.
 */
const settled = async (rehearsal: Rehearsal): Promise<Case | undefined> => {
  const { table, claim, seen, incidentWithin } = rehearsal;
  if (!claim || seen.injectedAt === null) return undefined;
  let found: string | undefined;
  await holdsWithin(async () => {
    found = await incidentOf(table, claim);
    return found !== undefined;
  }, incidentWithin / 2);
  if (found === undefined) return undefined;
  const id = found;
  rehearsal.incidentId = id;
  const look = async (): Promise<Case | undefined> => {
    const one = await readCase(table, id);
    return one.head.state === 'open' ? undefined : one;
  };
  return until(look, { within: 30_000, sorry: `${id} is still open` });
};

const release = async (rehearsal: Rehearsal): Promise<void> => {
  const { stage, scenario, progress } = rehearsal;
  const found = await settled(rehearsal);
  if (!found || found.befores.length === 0 || found.head.state === 'released') return;
  see(rehearsal, { releasedAt: stage.now() });
  const released = await undo(stage.place, found, `end of the drill ${scenario.id}`);
  see(rehearsal, { released });
  progress(
    released.released
      ? 'released'
      : `NOT released (${released.error ?? 'see the report'}): cordon release ${found.head.id} --reason "…"`,
  );
};

const tryAgain = async (rehearsal: Rehearsal): Promise<void> => {
  const { attack, stage, seen } = rehearsal;
  if (!attack || !seen.released?.released) return;
  if (!(await holdsWithin(async () => lately(rehearsal, 'allowed', 4), 30_000))) return;
  const knocks = await knockAll(attack.doors, 'after');
  see(rehearsal, { openAgainAt: stage.now(), knocks: [...rehearsal.seen.knocks, ...knocks] });
};

const takeBack = async (rehearsal: Rehearsal): Promise<void> => {
  const left = await rehearsal.stage.takeBack();
  for (const sentence of left) rehearsal.progress(sentence);
  see(rehearsal, { left });
};

/**
 * Event sources take a moment to be enabled again, so it is compared until there is no difference,
 * or no patience.
 */
const compare = async (rehearsal: Rehearsal): Promise<void> => {
  const { targets, stage, before } = rehearsal;
  const operator = await stage.place.config('operator');
  let found: readonly string[] = [];
  await holdsWithin(async () => {
    found = differences(before, await accountState(targets, operator));
    return found.length === 0;
  }, 30_000);
  see(rehearsal, { differences: found });
  rehearsal.progress(
    found.length === 0 ? 'everything is as it was before' : `NOT as before: ${found.join('; ')}`,
  );
};

const readBack = async (rehearsal: Rehearsal): Promise<void> => {
  const { table, stage, seen, incidentId } = rehearsal;
  if (stage.place.local) see(rehearsal, { mails: readInbox(stage.place.local.runDir) });
  if (seen.closed && incidentId) see(rehearsal, { closed: await readCase(table, incidentId) });
};

/** Back to how it was: release, see that all works again, take back what was made, compare. */
export const restore = async (rehearsal: Rehearsal): Promise<void> => {
  await tryTo(rehearsal, 'the release failed', () => release(rehearsal));
  await tryTo(rehearsal, 'it could not be seen whether everything works again', () =>
    tryAgain(rehearsal),
  );
  await rehearsal.probing?.stop();
  await takeBack(rehearsal);
  await tryTo(rehearsal, 'the account could not be compared', () => compare(rehearsal));
  await tryTo(rehearsal, 'the record could not be read again', () => readBack(rehearsal));
};
