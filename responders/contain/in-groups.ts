import type { Action } from '../incident/incident.ts';
import { type Aim, recordKeyOf } from './run.ts';

/** How many targets of one hold are checked at once. IAM answers few calls a second. */
const atOnce = 8;
const nameOf = (aim: Aim): string => {
  const { responder, target } = recordKeyOf(aim);
  return `${responder} on ${target}`;
};

/** The aims from this one on, then those before it. */
const startingAt = (aims: readonly Aim[], first: string | undefined): readonly Aim[] => {
  const index = Math.max(
    0,
    aims.findIndex((aim) => nameOf(aim) === first),
  );
  return [...aims.slice(index), ...aims.slice(0, index)];
};

interface Groups<Checked> {
  readonly checked: readonly Checked[];
  /** Those for which there was no time. */
  readonly left: readonly Aim[];
  /** Where the next look begins; empty where it begins as always. */
  readonly next: string;
}

/**
 * Checks targets in groups until the moment comes after which none is begun. Each group is kept
 * before the next one begins, so that a look that is ended loses no more than its last group; the
 * next look goes on behind it.
 */
export const inGroups = async <Checked>(
  aims: readonly Aim[],
  { first, until, now }: { first: string | undefined; until: number; now: () => number },
  check: (group: readonly Aim[]) => Promise<readonly Checked[]>,
): Promise<Groups<Checked>> => {
  const rest = [...startingAt(aims, first)];
  const checked: Checked[] = [];
  while (rest.length > 0 && (checked.length === 0 || now() < until))
    checked.push(...(await check(rest.splice(0, atOnce))));
  return { checked, left: rest, next: rest[0] ? nameOf(rest[0]) : '' };
};

/** What is known of a target for which there was no time. */
export const leftAction = (aim: Aim, known: Action | undefined): Action =>
  known ?? {
    ...recordKeyOf(aim),
    outcome: 'not-contained',
    step: 'before',
    reason: 'there was no time for it: the next look goes on with it',
    acceptedMs: null,
    effectiveMs: null,
  };
