import type { BeforeRecord, Head } from '../incident/case.ts';
import { noClocks } from '../incident/case.ts';
import type { Decision } from '../incident/incident.ts';
import type { ContainDeps, JudgedFinding } from './judge.ts';
import { after } from './next-step.ts';
import type { Reading } from './run.ts';
import { turnSeconds } from './turn.ts';

/**
 * A finding as it arrived: the raw event, whether it came over the drill bus, and which execution
 * carries it.
 */
export interface Arrival {
  readonly event: unknown;
  readonly drill: boolean;
  readonly execution: string;
  /** Decide by what is known: it was tried often enough to read the rest. */
  readonly settle?: boolean;
}

/**
 * Of a dry run there are none: a hold for what is not held would keep others' releases from freeing
 * it.
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

/** What the circuit breaker counts. */
export const isCounted = ({ drill }: Pick<Head, 'drill'>, { kind }: Decision): boolean =>
  !drill && kind === 'contain';

/** A new incident, or a new round of one. */
export const newHead = (
  judged: JudgedFinding,
  { drill, execution }: Arrival,
  id: string,
  received: number,
): Head => {
  const { finding, decision, suspect, code } = judged;
  const { account, region, severity, title, type, updatedAt } = finding;
  return {
    id,
    state: after[decision.kind].state,
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
    code,
    decision,
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
