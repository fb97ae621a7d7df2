import type { Head } from '../incident/case.ts';
import { update } from '../incident/case-table.ts';
import type { Clocks } from '../incident/incident.ts';
import type { Table } from '../incident/table.ts';
import { BusyError } from '../shared/errors.ts';

/**
 * How long the functions may live that change what an incident holds; their turns end by then at
 * the latest.
 */
export const turnSeconds = { contain: 30, watch: 60, release: 60 } as const;

/** What taking turns needs from outside. */
export interface Clocked {
  readonly table: Table;
  readonly now: () => number;
}

/**
 * The right to change what an incident holds. It ends with the run that took it, or else with the
 * time that its function may take.
 */
export interface Turn {
  readonly head: Head;
  /**
   * A run of the same execution that was started before, and that nobody knows the end of, may go
   * on until then.
   */
  readonly other: number;
}

const take = async (
  { table, now }: Clocked,
  head: Head,
  seconds: number,
  state = head.state,
): Promise<Turn> => {
  const change = { state, busyUntil: now() + seconds * 1000 };
  if (!(await update(table, head.id, change, {}, head)))
    throw new BusyError('the incident was changed meanwhile');
  return { head: { ...head, ...change }, other: head.busyUntil ?? 0 };
};

const isBusy = ({ busyUntil = 0 }: Head, { now }: Clocked): boolean => busyUntil > now();

/**
 * Containment, the watch and a release would take back each other’s changes, so one waits for the
 * other. An incident that is still open was left by its execution, which must not go on with it
 * now.
 */
export const takeTurn = async (deps: Clocked, head: Head, seconds: number): Promise<Turn> => {
  if (isBusy(head, deps)) throw new BusyError('somebody is just changing what the incident holds');
  return take(deps, head, seconds, head.state === 'open' ? 'not-contained' : head.state);
};

/**
 * Goes on with a containment that broke off. A retry waits for nobody: its first run is hardly
 * alive, and does the same.
 */
export const resumeTurn = async (
  deps: Clocked,
  head: Head,
  seconds: number,
  retry: boolean,
): Promise<Turn> => {
  if (!retry && isBusy(head, deps)) throw new BusyError('somebody is just containing it');
  return take(deps, head, seconds);
};

/**
 * Writes down what came of a turn, and gives it back. `false` when somebody else has taken it over:
 * then nothing is written.
 */
export const endTurn = (
  { table, now }: Clocked,
  { head, other }: Turn,
  change: Partial<Pick<Head, 'state' | 'suspect' | 'release'>> = {},
  clocks: Partial<Clocks> = {},
): Promise<boolean> =>
  update(table, head.id, { ...change, busyUntil: Math.max(now(), other) }, clocks, head);

/** Whoever fails gives the turn back; where that fails, too, it ends by itself. */
export const during = async <T>(
  deps: Clocked,
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
