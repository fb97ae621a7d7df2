import type { Call, Side } from './probe.ts';
import { type Check, check, type Judge, notSeen, type Seen } from './seen.ts';

/**
 * How long a containment may take, from event to the first call that fails. On AWS, IAM needs
 * seconds to spread.
 */
const slowest = 15_000;
/** Calls that must have been refused in a row, up to the release: two seconds of four a second. */
const streak = 8;

const bySide = ({ calls }: Seen, side: Side): Map<string, Call[]> =>
  Map.groupBy(
    calls.filter((call) => call.side === side),
    ({ probe }) => probe,
  );

/** The calls of the attacker that were sent between the finding and its release. */
const underAttack = ({ injectedAt, releasedAt }: Seen, calls: readonly Call[]): readonly Call[] =>
  calls.filter(
    ({ side, at }) =>
      side === 'attacker' &&
      at >= (injectedAt ?? Number.POSITIVE_INFINITY) &&
      at < (releasedAt ?? Number.POSITIVE_INFINITY),
  );

export interface ProbeClocks {
  readonly lastAllowed: number | null;
  readonly firstDenied: number | null;
}

const extreme = (calls: readonly Call[], pick: (...all: number[]) => number): number | null =>
  calls.length === 0 ? null : pick(...calls.map(({ at }) => at));

/** When the last call that worked, and the first that was refused, were sent. */
export const probeClocks = (seen: Seen): ProbeClocks => {
  const calls = underAttack(seen, seen.calls);
  return {
    lastAllowed: extreme(
      calls.filter(({ outcome }) => outcome === 'allowed'),
      Math.max,
    ),
    firstDenied: extreme(
      calls.filter(({ outcome }) => outcome === 'denied'),
      Math.min,
    ),
  };
};

/** An attack that never worked proves nothing when it is stopped. */
export const attackWorked: Judge = (seen) => {
  const probes = [...bySide(seen, 'attacker')];
  const before = probes.map(([name, calls]) => ({
    name,
    worked: calls.filter(({ at, outcome }) => outcome === 'allowed' && at < (seen.injectedAt ?? 0))
      .length,
  }));
  const knocks = seen.knocks.filter(({ moment }) => moment === 'before');
  return check(
    'the attack works before the finding',
    [
      before.length === 0 && 'no probe made a call',
      ...before.map(({ name, worked }) => worked === 0 && `${name}: no call was allowed`),
      ...knocks.map(
        ({ door, outcome, answer }) => outcome !== 'open' && `${door}: ${outcome} (${answer})`,
      ),
    ],
    [
      ...before.map(({ name, worked }) => `${name}: ${worked} calls allowed`),
      ...knocks.map(({ door }) => `${door}: open`),
    ].join(', '),
  );
};

/**
 * The last calls of one probe before the release: all of them must be refused, by a deny that names
 * itself.
 */
const stopped = ([name, all]: readonly [string, readonly Call[]], seen: Seen): string | false => {
  const calls = underAttack(seen, all);
  const last = calls.slice(-streak);
  const failed = calls.find(({ outcome }) => outcome === 'failed');
  if (failed) return `${name}: an answer was neither allowed nor denied: ${failed.answer}`;
  if (last.length < streak)
    return `${name}: only ${last.length} calls were made after the finding, ${streak} are needed`;
  const odd = last.find(({ outcome }) => outcome !== 'denied');
  if (odd)
    return `${name}: still allowed ${Math.round((seen.releasedAt ?? 0) - odd.at)} ms before the release`;
  const other = last.find(({ answer }) => !answer.includes('explicit deny'));
  return other ? `${name}: refused, but not by an explicit deny: ${other.answer}` : false;
};

export const attackDenied: Judge = (seen) => {
  const probes = [...bySide(seen, 'attacker')];
  const denied = underAttack(seen, seen.calls).filter(({ outcome }) => outcome === 'denied').length;
  return check(
    'the stolen session is denied',
    [
      seen.injectedAt === null && notSeen,
      probes.length === 0 && 'no probe made a call',
      ...probes.map((probe) => stopped(probe, seen)),
    ],
    `${denied} calls refused with an explicit deny until the release`,
  );
};

export const doorsRefused: Judge = ({ knocks }) => {
  const tried = knocks.filter(({ moment }) => moment === 'contained');
  return check(
    'every other way in is shut while contained',
    [
      tried.length === 0 && notSeen,
      ...tried.map(
        ({ door, outcome, answer }) => outcome !== 'refused' && `${door}: ${outcome} (${answer})`,
      ),
    ],
    tried.map(({ door, answer }) => `${door}: ${answer}`).join(', '),
  );
};

/** Zero failed calls, from before the attack until after the release. */
export const bystandersKeptWorking: Judge = (seen) => {
  const probes = [...bySide(seen, 'bystander')];
  const during = (calls: readonly Call[]) =>
    calls.filter(({ at }) => at >= (seen.injectedAt ?? Number.POSITIVE_INFINITY)).length;
  return check(
    'the neighbour keeps working',
    [
      probes.length === 0 && 'no probe made a call',
      ...probes.map(([name, calls]) => {
        const bad = calls.filter(({ outcome }) => outcome !== 'allowed');
        if (during(calls) < streak)
          return `${name}: only ${during(calls)} calls were made after the finding, ${streak} are needed`;
        return (
          bad[0] &&
          `${name}: ${bad.length} of ${calls.length} calls failed, first: ${bad[0].answer}`
        );
      }),
    ],
    probes.map(([name, calls]) => `${name}: ${calls.length} calls, none failed`).join(', '),
  );
};

export const inTime: Judge = (seen): Check => {
  const { lastAllowed, firstDenied } = probeClocks(seen);
  const since = (at: number | null) =>
    at === null || seen.injectedAt === null ? null : at - seen.injectedAt;
  const [last, first] = [since(lastAllowed), since(firstDenied)];
  return check(
    'containment is fast',
    [
      first === null && 'no call was denied',
      first !== null &&
        first > slowest &&
        `the first denied call came ${first} ms after the event, more than ${slowest} ms`,
      last !== null && last > slowest && `a call was still allowed ${last} ms after the event`,
    ],
    `event → last allowed call ${last === null ? 'none' : `${last} ms`}, → first denied call ${first} ms (4 calls a second)`,
  );
};

/** After the release the same session and the same doors work as they did. */
export const worksAgain: Judge = (seen) => {
  const probes = [...bySide(seen, 'attacker')];
  const knocks = seen.knocks.filter(({ moment }) => moment === 'after');
  return check(
    'everything works again after the release',
    [
      seen.openAgainAt === null && notSeen,
      ...probes.map(([name, calls]) => {
        const last = calls.at(-1);
        return (
          last?.outcome !== 'allowed' &&
          `${name}: the last call was ${last ? `${last.outcome} (${last.answer})` : 'never made'}`
        );
      }),
      ...knocks.map(
        ({ door, outcome, answer }) => outcome !== 'open' && `${door}: ${outcome} (${answer})`,
      ),
    ],
    [...probes.map(([name]) => name), ...knocks.map(({ door }) => door)].join(', '),
  );
};
