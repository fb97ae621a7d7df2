import type { BeforeRecord, Head } from '../incident/case.ts';
import { noClocks } from '../incident/case.ts';
import type { Decision } from '../incident/incident.ts';
import type { ContainDeps, JudgedFinding } from './judge.ts';
import { followUps } from './next-step.ts';
import type { Reading } from './run.ts';
import { turnSeconds } from './turn.ts';

/**
 * A finding as it arrived: the raw event, whether it came over the drill bus, and the execution
 * that handles it.
 */
export interface Arrival {
  readonly event: unknown;
  readonly drill: boolean;
  readonly execution: string;
  /** The retries are used up: decide on the facts that could be read. */
  readonly settle?: boolean;
}

/**
 * The before-records to store. A dry run stores none: its record would count as a containment that
 * is still needed, and another incident's release would leave the target contained.
 */
export const recordsOf = (
  readings: readonly Reading[],
  { settings, now }: ContainDeps,
): BeforeRecord[] => {
  const since = now();
  return readings.flatMap(({ responder, target, before }, order) =>
    before.ok && !settings.dryRun
      ? [{ responder: responder.id, target, before: before.value, order, since }]
      : [],
  );
};

/** Whether the circuit breaker counts this containment. */
export const isCounted = ({ drill }: Pick<Head, 'drill'>, { kind }: Decision): boolean =>
  !drill && kind === 'contain';

/** A new incident, or a new round of one. */
export const newHead = (
  judged: JudgedFinding,
  { drill, execution }: Arrival,
  id: string,
  received: number,
): Head => {
  const { finding, decision, suspect, code, proposal } = judged;
  const { account, attacker, region, severity, title, type, updatedAt } = finding;
  return {
    id,
    state: followUps[decision.kind].state,
    drill,
    round: 1,
    execution,
    openedAt: new Date(received).toISOString(),
    finding: {
      id: finding.id,
      type,
      severity,
      title: title.slice(0, 300),
      account,
      region,
      updatedAt,
      revisions: 1,
    },
    suspect,
    attacker,
    code,
    decision,
    ...(proposal && { proposal }),
    clocks: {
      ...noClocks(),
      activity: finding.lastSeen,
      finding: updatedAt,
      event: finding.eventAt,
      received,
    },
    release: null,
    busyUntil: decision.kind === 'contain' ? received + turnSeconds.contain * 1000 : 0,
  };
};
