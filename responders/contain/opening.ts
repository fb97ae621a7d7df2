import { passesBreaker, sourceOf } from '../decide/breaker.ts';
import { breakerRule } from '../decide/rules.ts';
import type { Settings } from '../decide/settings.ts';
import type { BreakerMark } from '../incident/breaker.ts';
import type { BeforeRecord, Head } from '../incident/case.ts';
import { noClocks } from '../incident/case.ts';
import type { ContainDeps, JudgedFinding } from './judge.ts';
import { followUps } from './next-step.ts';
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
  readonly isLastTry?: boolean;
  /** The moment after which a look at a known hold begins nothing further. */
  readonly until?: number;
}

/** Whether nothing is changed for this incident. */
export const isObserved = (
  { decision }: Pick<Head, 'decision'>,
  { observe }: Pick<Settings, 'observe'>,
): boolean => decision.observed === true || observe.everything;

/**
 * The before-records to store. In observe mode none is stored: a record would count as a
 * containment that is still needed, and another incident's release would leave the target
 * contained.
 */
export const recordsOf = (
  { readings, decision }: Pick<JudgedFinding, 'readings' | 'decision'>,
  { settings, now }: ContainDeps,
): BeforeRecord[] => {
  if (isObserved({ decision }, settings)) return [];
  const since = now();
  return readings.flatMap(({ responder, target, before }, order) =>
    before.ok ? [{ responder: responder.id, target, before: before.value, order, since }] : [],
  );
};

/**
 * What the circuit breaker keeps: a containment that a finding has brought about, or a question
 * that it has led to itself.
 */
export const breakerMarkOf = (
  { finding, decision, rules = [] }: Pick<JudgedFinding, 'finding' | 'decision' | 'rules'>,
  { drill, byHand }: Pick<Head, 'drill' | 'byHand'>,
): BreakerMark | undefined => {
  if (drill || byHand || passesBreaker(finding)) return undefined;
  const mark = { source: sourceOf(finding), type: finding.type };
  if (decision.kind === 'contain' && !decision.observed) return { ...mark, held: false };
  const isHeld = rules.some(({ rule, said }) => rule === breakerRule && said !== null);
  return decision.kind === 'ask' && isHeld ? { ...mark, held: true } : undefined;
};

/** A new incident, or a new round of one. */
export const newHead = (
  judged: JudgedFinding,
  { drill, execution }: Arrival,
  id: string,
  received: number,
): Head => {
  const { finding, decision, suspect, code, proposal, rules } = judged;
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
    suspects: judged.suspects,
    ...(judged.names && { names: judged.names }),
    attacker,
    code,
    ...(finding.byHand && { byHand: finding.byHand }),
    decision,
    ...(rules && { rules }),
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
