import { isDeepStrictEqual } from 'node:util';
import { actionOf, type Case, type Head } from '../incident/case.ts';
import { type Action, heldStates, type IncidentState } from '../incident/incident.ts';
import { readCase } from '../incident/read-case.ts';
import { saveActions, saveDrift } from '../incident/records.ts';
import { type Suspect, suspectsOf } from '../incident/suspect.ts';
import { within } from '../shared/attempt.ts';
import { BusyError, DeadlineError } from '../shared/errors.ts';
import { aimsAt } from './aims.ts';
import { type CheckedTarget, checkTarget, watchDeadlines } from './check-target.ts';
import { inGroups, leftAction } from './in-groups.ts';
import type { ContainDeps } from './judge.ts';
import { isObserved } from './opening.ts';
import { clocksOf, stateOf } from './outcome.ts';
import { remadeSuspects } from './remade-suspects.ts';
import { type Aim, recordKeyOf, targetsOf } from './run.ts';
import { resolveSharing, type WatchDeps } from './sharing.ts';
import { endTurn, type Turn, takeTurn, turnSeconds, withTurn } from './turn.ts';

/** The output of `WatchLambda`. */
export interface Watched {
  /**
   * False while a target is not contained: the state machine then calls the watch again, a limited
   * number of times. True also when the watch has nothing to check.
   */
  readonly holds: boolean;
  readonly state: IncidentState;
}

/** Who made the call that led to this look; nothing where that is not known. */
export type Culprit = () => Promise<string | undefined>;

/** Why a look is made. */
export interface LookOccasion {
  readonly culprit?: Culprit | undefined;
  /** A mail about the hold tells a new state. Without it, the reports of the incident do. */
  readonly isOwnMail?: boolean;
}

/** Who shares a role is asked again by the next look. */
const sharingMs = 15_000;
/** A look that is told no moment begins no further targets after this time. */
const beginMs = 25_000;

/** Until when a look begins further targets. */
const untilOf = ({ until, now }: WatchDeps): number => until ?? now() + beginMs;

/**
 * Whether a release has run, completely or in part. The watch then changes nothing: a person has
 * decided, and the targets that are still contained are for that release to free.
 */
const wasReleased = (
  incident: Case,
  suspects: readonly Suspect[],
  { catalog }: ContainDeps,
): boolean =>
  targetsOf(catalog, suspects)
    .map((aim) => actionOf(incident, recordKeyOf(aim)))
    .some(
      (action) =>
        action !== undefined && ['released', 'not-released', 'kept'].includes(action.outcome),
    );

const isWatched = ({ state, decision, suspect }: Head): boolean =>
  suspect !== null && decision.kind === 'contain' && heldStates.includes(state);

/**
 * Waits for all to settle before rethrowing: work that continues after this run could contain again
 * what a release has just freed.
 */
const settleAll = async <T>(work: readonly Promise<T>[]): Promise<T[]> => {
  await Promise.allSettled(work);
  return Promise.all(work);
};

/** The changes that another principal removed. */
const removedFrom = (checked: readonly CheckedTarget[]): string[] =>
  checked
    .filter(({ removed }) => removed)
    .map(({ action: { responder, target } }) => `${responder} on ${target}`);

/** Whether an earlier check has found it out. */
const isKnown = (change: string, { drifts }: Case): boolean =>
  drifts.some(({ changes }) => changes.includes(change));

/** The suspect with those who share its role, as far as the time allows to find out. */
const sharedBy = async (suspect: Suspect, incident: Case, deps: WatchDeps): Promise<Suspect> => {
  const resolving = resolveSharing(suspect, incident, watchDeadlines, deps);
  try {
    return await within(Math.max(0, Math.min(sharingMs, untilOf(deps) - deps.now())), resolving);
  } catch (error) {
    if (error instanceof DeadlineError) return suspect;
    throw error;
  }
};

/** Saves the removals first: a look that ends in between must not take them for what it found. */
const keep = async (
  id: string,
  actions: readonly Action[],
  removed: readonly string[],
  { table, now, culprit }: Pick<WatchDeps, 'table' | 'now'> & Pick<LookOccasion, 'culprit'>,
): Promise<void> => {
  if (removed.length > 0) {
    const by = await culprit?.();
    await saveDrift(table, id, { at: now(), changes: removed, ...(by && { by }) });
  }
  await saveActions(table, id, actions);
};

const checkTargets = async (
  turn: Turn,
  known: readonly Suspect[],
  incident: Case,
  deps: WatchDeps,
  { culprit, isOwnMail = false }: LookOccasion,
): Promise<Watched> => {
  const { catalog, log, now } = deps;
  const { head } = turn;
  const until = untilOf(deps);
  const [suspects, remade] = await Promise.all([
    Promise.all(known.map((suspect) => sharedBy(suspect, incident, deps))),
    remadeSuspects(known, deps.aws, watchDeadlines.factsMs),
  ]);
  const [suspect = null, ...others] = suspects;
  const removed: string[] = [];
  let unsaid = remade.changes.filter((change) => !isKnown(change, incident));
  const check = async (group: readonly Aim[]): Promise<Action[]> => {
    const checked = await settleAll(group.map((aim) => checkTarget(aim, incident, deps)));
    const actions = checked.map(({ action }) => action);
    const gone = [...removedFrom(checked), ...unsaid];
    unsaid = [];
    removed.push(...gone);
    await keep(head.id, actions, gone, { ...deps, culprit });
    return actions;
  };
  const aims = aimsAt(suspects, incident, catalog);
  const { checked, left, next } = await inGroups(aims, { first: head.nextLook, until, now }, check);
  const unseen = left.map((aim) => leftAction(aim, actionOf(incident, recordKeyOf(aim))));
  const actions = [...checked, ...unseen];
  const reached = stateOf(actions);
  const isContested = removed.length + remade.changes.length > 0 || head.state === 'contested';
  const state = reached === 'contained' && isContested ? 'contested' : reached;
  const seen = clocksOf(actions);
  // A clock is set once: the times of the first containment stay.
  const clocks = {
    accepted: head.clocks.accepted ?? seen.accepted,
    effective: head.clocks.effective ?? seen.effective,
  };
  const change = {
    state,
    ...((next !== '' || head.nextLook) && { nextLook: next }),
    ...(isOwnMail && state !== head.state && { news: deps.now() }),
    ...(!isDeepStrictEqual(suspects, known) && {
      suspect,
      ...(others.length > 0 && { suspects: others }),
    }),
  };
  await saveActions(deps.table, head.id, unseen);
  if (!(await endTurn(deps, turn, change, clocks)))
    throw new BusyError('another execution changed the incident at the same time');
  log('watched', { incidentId: head.id, state, removed });
  return { holds: reached === 'contained' && left.length === 0 && !remade.isUnknown, state };
};

/**
 * Checks whether the change of every target still holds, contains the targets where it does not,
 * and returns whether all hold now. Does nothing in observe mode, after a release, or when the
 * incident has no containment to keep up.
 */
export const watch = async (
  id: string,
  deps: WatchDeps,
  occasion: LookOccasion = {},
): Promise<Watched> => {
  const incident = await readCase(deps.table, id);
  const { head } = incident;
  const suspects = suspectsOf(head);
  const isLeft = isObserved(head, deps.settings) || !isWatched(head);
  if (isLeft || wasReleased(incident, suspects, deps)) return { holds: true, state: head.state };
  return withTurn(deps, await takeTurn(deps, head, turnSeconds.watch), (turn) =>
    checkTargets(turn, suspects, incident, deps, occasion),
  );
};
