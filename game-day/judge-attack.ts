import { count } from '../responders/shared/count.ts';
import { elapsed, elapsedMs, elapsedText, moments } from './elapsed.ts';
import {
  check,
  type DrillCheck,
  type DrillJudge,
  notReached,
  type Observations,
} from './observations.ts';
import { type ProbeCall, type Side, streak } from './probe.ts';

/**
 * How many ms may pass from the event to the first denied call. On AWS, a change of IAM takes
 * seconds to spread.
 */
const slowest = 15_000;

const bySide = ({ calls }: Observations, side: Side): Map<string, ProbeCall[]> =>
  Map.groupBy(
    calls.filter((call) => call.side === side),
    ({ probe }) => probe,
  );

/** The calls of the attacker that were sent between the finding and its release. */
const underAttack = (
  { injectedAt, releasedAt }: Observations,
  calls: readonly ProbeCall[],
): readonly ProbeCall[] =>
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

const extreme = (
  calls: readonly ProbeCall[],
  pick: (...times: number[]) => number,
): number | null => (calls.length === 0 ? null : pick(...calls.map(({ at }) => at)));

/** When the last call that worked, and the first that was refused, were sent. */
export const probeClocks = (observations: Observations): ProbeClocks => {
  const calls = underAttack(observations, observations.calls);
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
export const attackWorked: DrillJudge = (observations) => {
  const probes = [...bySide(observations, 'attacker')];
  const before = probes.map(([name, calls]) => ({
    name,
    worked: calls.filter(
      ({ at, outcome }) =>
        outcome === 'allowed' && at < (observations.injectedAt ?? Number.NEGATIVE_INFINITY),
    ).length,
  }));
  const attempts = observations.attempts.filter(({ moment }) => moment === 'before');
  return check(
    'the attack works before the finding',
    [
      before.length === 0 && 'no probe made a call',
      ...before.map(({ name, worked }) => worked === 0 && `${name}: no call was allowed`),
      ...attempts.map(
        ({ entryPoint, outcome, answer }) =>
          outcome !== 'open' && `${entryPoint}: ${outcome} (${answer})`,
      ),
    ],
    [
      ...before.map(({ name, worked }) => `${name}: ${count(worked, 'call')} allowed`),
      ...attempts.map(({ entryPoint }) => `${entryPoint}: open`),
    ].join(', '),
  );
};

/**
 * The complaint about one probe, if any: its last calls before the release must all be refused by
 * an explicit deny.
 */
const complaintAbout = (
  [name, sent]: readonly [string, readonly ProbeCall[]],
  observations: Observations,
): string | false => {
  const calls = underAttack(observations, sent);
  const last = calls.slice(-streak);
  const failed = calls.find(({ outcome }) => outcome === 'failed');
  if (failed) return `${name}: an answer was neither allowed nor denied: ${failed.answer}`;
  if (last.length < streak)
    return `${name}: only ${count(last.length, 'call')} after the finding, ${streak} are needed`;
  const odd = last.find(({ outcome }) => outcome !== 'denied');
  if (odd) {
    const { releasedAt } = observations;
    if (releasedAt === null) return `${name}: still allowed at the end, and never released`;
    return `${name}: still allowed ${Math.round(releasedAt - odd.at)} ms before the release`;
  }
  const implicit = last.find(({ answer }) => !answer.includes('explicit deny'));
  return implicit ? `${name}: refused, but not by an explicit deny: ${implicit.answer}` : false;
};

export const attackDenied: DrillJudge = (observations) => {
  const probes = [...bySide(observations, 'attacker')];
  const denied = underAttack(observations, observations.calls).filter(
    ({ outcome }) => outcome === 'denied',
  ).length;
  return check(
    'the stolen session is denied',
    [
      observations.injectedAt === null && notReached,
      probes.length === 0 && 'no probe made a call',
      ...probes.map((probe) => complaintAbout(probe, observations)),
    ],
    `${count(denied, 'call')} refused with an explicit deny until the release`,
  );
};

export const entryPointsRefused: DrillJudge = ({ attempts }) => {
  const tried = attempts.filter(({ moment }) => moment === 'contained');
  return check(
    'every other way in is shut while contained',
    [
      tried.length === 0 && notReached,
      ...tried.map(
        ({ entryPoint, outcome, answer }) =>
          outcome !== 'refused' && `${entryPoint}: ${outcome} (${answer})`,
      ),
    ],
    tried.map(({ entryPoint, answer }) => `${entryPoint}: ${answer}`).join(', '),
  );
};

/** No call of a bystander fails, from before the attack until after the release. */
export const bystandersKeptWorking: DrillJudge = (observations) => {
  const probes = [...bySide(observations, 'bystander')];
  const during = (calls: readonly ProbeCall[]) =>
    calls.filter(({ at }) => at >= (observations.injectedAt ?? Number.POSITIVE_INFINITY)).length;
  return check(
    'the neighbour keeps working',
    [
      probes.length === 0 && 'no probe made a call',
      ...probes.map(([name, calls]) => {
        const bad = calls.filter(({ outcome }) => outcome !== 'allowed');
        if (during(calls) < streak)
          return (
            `${name}: only ${count(during(calls), 'call')} after the finding, ` +
            `${streak} are needed`
          );
        return (
          bad[0] &&
          `${name}: ${bad.length} of ${count(calls.length, 'call')} failed, first: ${bad[0].answer}`
        );
      }),
    ],
    probes
      .map(([name, calls]) => `${name}: ${count(calls.length, 'call')}, none failed`)
      .join(', '),
  );
};

export const containedInTime: DrillJudge = (observations): DrillCheck => {
  const { lastAllowed, firstDenied } = probeClocks(observations);
  const injected = moments.injected(observations.injectedAt);
  const allowedAfter = elapsed(injected, moments.lastAllowed(lastAllowed));
  const deniedAfter = elapsed(injected, moments.firstDenied(firstDenied));
  const [allowedMs, deniedMs] = [elapsedMs(allowedAfter), elapsedMs(deniedAfter)];
  return check(
    'containment is fast',
    [
      deniedMs === null && 'no call was denied',
      deniedMs !== null &&
        deniedMs > slowest &&
        `the first denied call came ${deniedMs} ms after the event, more than ${slowest} ms`,
      allowedMs !== null &&
        allowedMs > slowest &&
        `a call was still allowed ${allowedMs} ms after the event`,
    ],
    `event → last allowed call ${elapsedText(allowedAfter)}, ` +
      `→ first denied call ${elapsedText(deniedAfter)} (4 calls a second)`,
  );
};

/** After the release the function works as before, by every entry point. */
export const worksAgain: DrillJudge = ({ openAgainAt, attempts }) => {
  const after = attempts.filter(({ moment }) => moment === 'after');
  return check(
    'everything works again after the release',
    [
      openAgainAt === null && notReached,
      ...after.map(
        ({ entryPoint, outcome, answer }) =>
          outcome !== 'open' && `${entryPoint}: ${outcome} (${answer})`,
      ),
    ],
    after.map(({ entryPoint }) => entryPoint).join(', '),
  );
};

/** From the release to the end no call of the attacker works: the session was stolen before. */
export const staysDenied: DrillJudge = (observations) => {
  const { releasedAt, openAgainAt } = observations;
  const since = releasedAt ?? Number.POSITIVE_INFINITY;
  const probes = [...bySide(observations, 'attacker')].map(
    ([name, calls]) => [name, calls.filter(({ at }) => at >= since)] as const,
  );
  const calledAfter = probes.flatMap(([, calls]) => calls).length;
  return check(
    'the stolen session stays denied after the release',
    [
      openAgainAt === null && notReached,
      probes.length === 0 && 'no probe made a call',
      ...probes.map(([name, calls]) => {
        const odd = calls.find(({ outcome }) => outcome !== 'denied');
        if (calls.length < streak)
          return (
            `${name}: only ${count(calls.length, 'call')} after the release, ` +
            `${streak} are needed`
          );
        return odd && `${name}: ${odd.outcome} after the release (${odd.answer})`;
      }),
    ],
    `${count(calledAfter, 'call')} refused after the release`,
  );
};
