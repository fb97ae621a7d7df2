import { possibleSuspects, readCallers, readFacts } from '../decide/kinds.ts';
import { type DecisionInput, decideAlone } from '../decide/policy.ts';
import type { Settings } from '../decide/settings.ts';
import type { Deadlines } from '../decide/suspect-kind.ts';
import type { Finding } from '../finding/finding.ts';
import { identify } from '../finding/identify.ts';
import { recentContainments } from '../incident/case-table.ts';
import type { Decision } from '../incident/incident.ts';
import type { Proposal } from '../incident/question.ts';
import type { Suspect } from '../incident/suspect.ts';
import type { Table } from '../incident/table.ts';
import { attempt } from '../shared/attempt.ts';
import type { Aws } from '../shared/aws.ts';
import { SlowError } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import type { Responder } from './responder.ts';
import { type Reading, readBefore, readingsFor, targetsOf } from './run.ts';

/** What containment, watch and release need from outside. */
export interface ContainDeps {
  readonly aws: Aws;
  readonly table: Table;
  readonly settings: Settings;
  readonly catalog: readonly Responder[];
  readonly now: () => number;
  readonly log: Log;
}

/** A finding with the decision about it, and the state of its targets before any change. */
export interface JudgedFinding {
  readonly finding: Finding;
  readonly decision: Decision;
  readonly suspect: Suspect | null;
  /** The SHA-256 of the newest code as it is now, before anything was changed. */
  readonly code?: string | undefined;
  readonly readings: readonly Reading[];
  /** Where a person is asked. */
  readonly proposal?: Proposal;
}

const deadlines: Deadlines = { factsMs: 2_000, neighboursMs: 800 };

/** What approving would change and what uses the workload: read after the decision to ask. */
const proposalOf = async (
  { reason }: Decision,
  suspect: Suspect | null,
  { aws, catalog }: ContainDeps,
): Promise<Proposal> => {
  const callers = suspect && (await attempt(deadlines.factsMs, readCallers(suspect, aws)));
  const aims = suspect ? targetsOf(catalog, suspect) : [];
  return {
    because: reason,
    changes: aims.map(({ responder: { title, stops }, target }) => ({ title, target, stops })),
    callers: callers?.ok ? callers.value : null,
  };
};

/**
 * Reads all facts in parallel with a short deadline, then decides. Throws a SlowError while a read
 * is busy, so that the state machine retries; with `settle` the decision is made without that read.
 */
export const judge = async (
  finding: Finding,
  decide: (input: DecisionInput) => Decision,
  deps: ContainDeps,
  settle = false,
): Promise<JudgedFinding> => {
  const { aws, table, settings, catalog, now } = deps;
  const identified = identify(finding);
  const input: DecisionInput = { finding, identified, settings };
  if (decideAlone(input) || 'cannot' in identified)
    return { finding, decision: decide(input), suspect: null, readings: [] };
  const { named } = identified;
  const [facts, readings, recent] = await Promise.all([
    readFacts(named, aws, deadlines),
    readBefore(catalog, possibleSuspects(named), { aws, now }, deadlines.factsMs),
    attempt(
      deadlines.factsMs,
      finding.drill
        ? Promise.resolve(0)
        : recentContainments(table, now(), settings.breaker.minutes),
    ),
  ]);
  const busy = [...Object.values(facts.reads), recent].find((read) => !read.ok && read.busy);
  // A burst of findings makes reads slow for a moment, so retry before asking a person.
  if (busy && !busy.ok && !settle) throw new SlowError(busy.why);
  const decision = decide({ ...input, facts, recent });
  const suspect = facts.confirmed?.suspect ?? null;
  return {
    finding,
    decision,
    suspect,
    code: facts.code,
    readings: suspect && decision.kind === 'contain' ? readingsFor(readings, suspect) : [],
    ...(decision.kind === 'ask' && { proposal: await proposalOf(decision, suspect, deps) }),
  };
};
