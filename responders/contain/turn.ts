import type { Head } from '../incident/case.ts';
import { update } from '../incident/case-table.ts';
import type { Clocks } from '../incident/incident.ts';
import type { Table } from '../incident/table.ts';
import { BusyError } from '../shared/errors.ts';

/**
 * Time limits of the Lambda functions that change containment, in seconds. A turn ends with the
 * time limit of its function at the latest.
 */
export const turnSeconds = { contain: 30, watch: 60, release: 60 } as const;

/** What taking a turn needs from outside. */
export interface TurnDeps {
  readonly table: Table;
  readonly now: () => number;
}

/**
 * A lease on the containment of one incident: only its holder may change it. `busyUntil` in the
 * head is its expiry; the run that took it ends it earlier.
 */
export interface Turn {
  readonly head: Head;
  /** Until when an earlier run of the same execution, whose end is unknown, may still go on. */
  readonly earlierRunUntil: number;
}

const writeTurn = async (
  { table, now }: TurnDeps,
  head: Head,
  seconds: number,
  state = head.state,
): Promise<Turn> => {
  const change = { state, busyUntil: now() + seconds * 1000 };
  if (!(await update(table, head.id, change, {}, head)))
    throw new BusyError('another execution changed the incident at the same time');
  return { head: { ...head, ...change }, earlierRunUntil: head.busyUntil ?? 0 };
};

const isTaken = ({ busyUntil = 0 }: Head, { now }: TurnDeps): boolean => busyUntil > now();

/**
 * Takes the turn for the watch or a release; throws a BusyError while another run has it, because
 * the two would undo each other’s changes. An incident that is still open was abandoned by its
 * execution: it becomes `not-contained`, so that a retry of that execution does not resume it.
 */
export const takeTurn = async (deps: TurnDeps, head: Head, seconds: number): Promise<Turn> => {
  if (isTaken(head, deps))
    throw new BusyError('another run is changing what this incident contains');
  return writeTurn(deps, head, seconds, head.state === 'open' ? 'not-contained' : head.state);
};

/**
 * Takes the turn to resume a containment that broke off. A retry of the same execution does not
 * wait for the expiry: its first run has most likely ended, and would make the same changes.
 */
export const resumeTurn = async (
  deps: TurnDeps,
  head: Head,
  seconds: number,
  isRetry: boolean,
): Promise<Turn> => {
  if (!isRetry && isTaken(head, deps)) throw new BusyError('another run is containing it');
  return writeTurn(deps, head, seconds);
};

/**
 * Saves the results of a turn and ends it. Returns false, and writes nothing, when another run has
 * taken the turn over.
 */
export const endTurn = (
  { table, now }: TurnDeps,
  { head, earlierRunUntil }: Turn,
  change: Partial<
    Pick<Head, 'state' | 'suspect' | 'suspects' | 'release' | 'news' | 'nextLook'>
  > = {},
  clocks: Partial<Clocks> = {},
): Promise<boolean> =>
  update(table, head.id, { ...change, busyUntil: Math.max(now(), earlierRunUntil) }, clocks, head);

/** Ends the turn when the work fails; where this write fails as well, the turn expires. */
export const withTurn = async <T>(
  deps: TurnDeps,
  turn: Turn,
  work: (turn: Turn) => Promise<T>,
): Promise<T> => {
  try {
    return await work(turn);
  } catch (error) {
    await Promise.allSettled([endTurn(deps, turn)]);
    throw error;
  }
};
