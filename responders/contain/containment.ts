import { createHash } from 'node:crypto';
import { decide, decideApproved } from '../decide/policy.ts';
import { type Finding, parseFinding } from '../finding/finding.ts';
import { type BeforeRecord, type Case, type Head, noClocks, readCase } from '../incident/case.ts';
import {
  addRevision,
  claimed,
  contain,
  heldRecord,
  open,
  saveActions,
  update,
} from '../incident/case-table.ts';
import type { Action, Clocks, Decision, IncidentState } from '../incident/incident.ts';
import { type Claim, incidentId } from '../incident/incident-id.ts';
import { EdgeError } from '../shared/errors.ts';
import { type Containing, type Judged, judge } from './judge.ts';
import { applyOne, plan, type Reading, targetsOf } from './run.ts';
import { during, endTurn, resumeTurn, type Turn, turnSeconds } from './turn.ts';

/** What the state machine goes on with. */
export interface Contained {
  readonly incidentId: string;
  readonly next: 'respond' | 'ask' | 'tell' | 'none';
  readonly state: IncidentState;
  readonly decision: Decision;
  readonly onTimeout: 'contain' | 'leave';
  readonly lagSeconds: number;
}

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

export interface Answer {
  readonly approved: boolean;
  readonly by: string;
  readonly reason: string;
}

/**
 * An incident that nobody has worked on for this long and that still has no outcome was abandoned;
 * a repeat takes it over.
 */
const abandonedMs = 60_000;

const after: Readonly<
  Record<Decision['kind'], { readonly state: IncidentState; readonly next: Contained['next'] }>
> = {
  contain: { state: 'open', next: 'respond' },
  ask: { state: 'awaiting-approval', next: 'ask' },
  notify: { state: 'notify-only', next: 'respond' },
  suppress: { state: 'suppressed', next: 'tell' },
  duplicate: { state: 'open', next: 'none' },
};

/** The state that outcomes add up to: computed, never asserted. */
export const stateOf = (actions: readonly Action[]): IncidentState => {
  const held = actions.filter(({ outcome }) => outcome === 'contained').length;
  if (actions.length > 0 && held === actions.length) return 'contained';
  if (actions.length > 0 && actions.every(({ outcome }) => outcome === 'planned'))
    return 'notify-only';
  return actions.some(({ outcome }) => outcome === 'contained' || outcome === 'applied')
    ? 'partial'
    : 'not-contained';
};

/**
 * When the first change was accepted, and when the last of all was seen to hold; null while that is
 * still to come.
 */
export const clocksOf = (actions: readonly Action[]): Pick<Clocks, 'accepted' | 'effective'> => {
  const times = (key: 'acceptedMs' | 'effectiveMs') =>
    actions.map((action) => action[key]).filter((time) => time !== null);
  const accepted = times('acceptedMs');
  return {
    accepted: accepted.length > 0 ? Math.min(...accepted) : null,
    effective: stateOf(actions) === 'contained' ? Math.max(...times('effectiveMs')) : null,
  };
};

const contained = (
  head: Head,
  { settings }: Containing,
  next = after[head.decision.kind].next,
): Contained => ({
  incidentId: head.id,
  next,
  state: head.state,
  decision: head.decision,
  onTimeout: settings.onTimeout,
  lagSeconds: head.drill ? settings.lagSeconds.drill : settings.lagSeconds.real,
});

/**
 * Of a dry run there are none: a hold for what is not held would keep others' releases from freeing
 * it.
 */
const records = (readings: readonly Reading[], { settings, now }: Containing): BeforeRecord[] => {
  const since = now();
  return readings.flatMap(({ responder, target, before }, order) =>
    before.ok && !settings.dryRun
      ? [{ responder: responder.id, target, before: before.value, order, since }]
      : [],
  );
};

/** What the circuit breaker counts. */
const counts = ({ drill }: Pick<Head, 'drill'>, { kind }: Decision): boolean =>
  !drill && kind === 'contain';

/** Who opens an incident has the first turn: the one durable write says so, too. */
const first = (head: Head): Turn => ({ head, other: 0 });

/** Applies what was read and saved, and writes down what came of it. */
const act = (turn: Turn, readings: readonly Reading[], deps: Containing): Promise<Contained> =>
  during(deps, turn, async () => {
    const { head } = turn;
    const { table, settings, log } = deps;
    const actions = settings.dryRun
      ? plan(readings)
      : await Promise.all(readings.map((reading) => applyOne(reading, deps)));
    const state = stateOf(actions);
    await saveActions(table, head.id, actions);
    // A retry that has taken over says how it is: this run knows less.
    if (!(await endTurn(deps, turn, { state }, clocksOf(actions))))
      return contained((await readCase(table, head.id)).head, deps);
    log('contained', { incidentId: head.id, state, actions });
    return contained({ ...head, state }, deps);
  });

const start = (
  judged: Judged,
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

/** What was not saved must not be applied. */
const saved = (found: Case, { catalog, settings, table }: Containing): Promise<Reading[]> => {
  const unread = {
    ok: false,
    missing: false,
    busy: false,
    why: 'it was not read before the execution broke off',
  } as const;
  const aims = found.head.suspect ? targetsOf(catalog, found.head.suspect) : [];
  return Promise.all(
    aims.map(async ({ responder, target }) => {
      const record = await heldRecord(table, found, { responder: responder.id, target });
      return {
        responder,
        target,
        before: record || settings.dryRun ? { ok: true, value: record?.before } : unread,
      };
    }),
  );
};

/**
 * A finding may grow, and a released workload may be misused again; what a person has decided stays
 * decided.
 */
const again = (
  { head: { state, release } }: Case,
  { finding, decision }: Judged,
  { now, settings }: Containing,
): boolean => {
  if (state === 'suppressed') return decision.kind !== 'suppress';
  if (state !== 'released' || release === null || !['contain', 'ask'].includes(decision.kind))
    return false;
  return (finding.lastSeen ?? 0) > release.at && now() > release.at + settings.holdMinutes * 60_000;
};

/** Goes on with an incident whose run broke off between saving and applying. */
const resume = async (found: Case, own: boolean, deps: Containing): Promise<Contained> =>
  act(await resumeTurn(deps, found.head, turnSeconds.contain, own), await saved(found, deps), deps);

/**
 * This finding is already an incident: go on where it broke off, judge it anew, or only write it
 * down.
 */
const repeat = async (
  id: string,
  judged: Judged,
  arrival: Arrival,
  deps: Containing,
): Promise<Contained> => {
  const { table, now } = deps;
  const found = await readCase(table, id);
  const { head } = found;
  const own = head.execution === arrival.execution;
  if (head.state === 'open' && (own || now() > (head.busyUntil ?? 0) + abandonedMs))
    return resume(found, own, deps);
  if (own) return contained(head, deps);
  if (await addRevision(table, id, judged.finding.updatedAt, JSON.stringify(arrival.event))) {
    const revised = {
      ...head.finding,
      updatedAt: Math.max(head.finding.updatedAt, judged.finding.updatedAt),
      revisions: head.finding.revisions + 1,
    };
    await update(table, id, { finding: revised });
  }
  if (!again(found, judged, deps))
    return contained({ ...head, decision: { kind: 'duplicate', reason: `already ${id}` } }, deps);
  const fresh = start(judged, arrival, id, now());
  const next: Head = {
    ...fresh,
    openedAt: head.openedAt,
    round: head.round + 1,
    finding: { ...fresh.finding, revisions: head.finding.revisions + 1 },
  };
  const won = await contain(table, {
    head: next,
    from: head.state,
    befores: records(judged.readings, deps),
    counts: counts(head, judged.decision),
    at: now(),
  });
  if (!won) return contained(head, deps, 'none');
  return judged.decision.kind === 'contain'
    ? act(first(next), judged.readings, deps)
    : contained(next, deps);
};

/** An event that cannot be read is an incident too: a person is told, nothing is touched. */
const unreadable = (
  { event, drill }: Arrival,
  error: EdgeError,
  { settings, now }: Containing,
): Judged => {
  const hash = createHash('sha256')
    .update(JSON.stringify(event) ?? 'undefined')
    .digest('hex');
  const { account, region, partition } = settings;
  const finding: Finding = {
    id: `unreadable-${hash.slice(0, 32)}`,
    type: 'unreadable',
    title: 'An event that is not a readable GuardDuty finding',
    severity: 0,
    account,
    region,
    partition,
    sample: false,
    archived: false,
    drill,
    updatedAt: now(),
    lastSeen: null,
    eventAt: null,
    resourceType: 'unknown',
  };
  return {
    finding,
    decision: { kind: 'notify', reason: `the finding cannot be read: ${error.message}` },
    suspect: null,
    readings: [],
  };
};

const read = (arrival: Arrival, deps: Containing): Finding | Judged => {
  try {
    return parseFinding(arrival.event, arrival.drill);
  } catch (error) {
    if (error instanceof EdgeError) return unreadable(arrival, error, deps);
    throw error;
  }
};

/** From a raw event to a contained workload: read, decide, save, apply, look. */
export const containFinding = async (arrival: Arrival, deps: Containing): Promise<Contained> => {
  const { table, now } = deps;
  const received = now();
  const readable = read(arrival, deps);
  const { account, region, id: findingId } = 'finding' in readable ? readable.finding : readable;
  const claim: Claim = { drill: arrival.drill, account, region, findingId };
  const [existing, judged] = await Promise.all([
    claimed(table, claim),
    'finding' in readable ? readable : judge(readable, decide, deps, arrival.settle),
  ]);
  if (existing) return repeat(existing, judged, arrival, deps);
  const head = start(judged, arrival, incidentId(claim, received), received);
  const opening = {
    claim,
    head,
    raw: JSON.stringify(arrival.event) ?? 'null',
    befores: records(judged.readings, deps),
    counts: counts(arrival, judged.decision),
  };
  if (!(await open(table, opening)))
    return repeat((await claimed(table, claim)) ?? head.id, judged, arrival, deps);
  return judged.decision.kind === 'contain'
    ? act(first(head), judged.readings, deps)
    : contained(head, deps);
};

/** A person (or the policy, in time) has answered. */
export const containAnswered = async (
  id: string,
  { approved, by, reason }: Answer,
  deps: Containing,
): Promise<Contained> => {
  const { table, now } = deps;
  const found = await readCase(table, id);
  const { head } = found;
  if (head.state === 'open') return resume(found, true, deps);
  if (head.state !== 'awaiting-approval') return contained(head, deps);
  const event: unknown = JSON.parse(found.findings.at(-1)?.raw ?? 'null');
  const finding = parseFinding(event, head.drill);
  const judged: Judged = approved
    ? // A person's yes is worth waiting for: what is only slow is tried until the state machine gives
      // up, and says so.
      await judge(finding, (evidence) => decideApproved(evidence, by), deps)
    : {
        finding,
        decision: { kind: 'notify', reason: `left alone by ${by}: ${reason}` },
        suspect: head.suspect,
        readings: [],
      };
  const next: Head = {
    ...head,
    decision: judged.decision,
    state: after[judged.decision.kind].state,
    suspect: judged.suspect ?? head.suspect,
    code: judged.code ?? head.code,
    busyUntil: judged.decision.kind === 'contain' ? now() + turnSeconds.contain * 1000 : 0,
  };
  const won = await contain(table, {
    head: next,
    from: 'awaiting-approval',
    befores: records(judged.readings, deps),
    counts: counts(head, judged.decision),
    at: now(),
  });
  if (!won || judged.decision.kind !== 'contain') return contained(won ? next : head, deps);
  return act(first(next), judged.readings, deps);
};
