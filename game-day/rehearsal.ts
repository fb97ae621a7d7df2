import type { Claim } from '../responders/incident/incident-id.ts';
import type { Table } from '../responders/incident/table.ts';
import type { AccountState, Targets } from './account-state.ts';
import type { HeldTarget } from './held-targets.ts';
import type { Observations } from './observations.ts';
import type { Probing } from './probe.ts';
import type { Attack, Scenario, ScenarioContext } from './scenario.ts';

/** The state of a drill while it runs. */
export interface Rehearsal {
  readonly scenario: Scenario;
  readonly context: ScenarioContext;
  readonly table: Table;
  /** What is compared at the end. */
  readonly targets: Targets;
  /** The state of the targets before the attack. */
  readonly before: AccountState;
  /** What other incidents kept contained then. */
  readonly heldBefore: readonly HeldTarget[];
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal | undefined;
  /** How long an incident may take to appear, in ms. */
  readonly incidentWithin: number;
  observations: Observations;
  attack: Attack | null;
  probing: Probing | null;
  claim: Claim | null;
  incidentId: string | null;
  denial: Denial | null;
}

/** The policies that deny earlier sessions of the workload; null where there is none. */
export interface Denial {
  /** Before the release of the drill, which replaces it. */
  readonly earlier: string | null;
  /** That of the release. */
  readonly own: string | null;
}

export const observe = (rehearsal: Rehearsal, more: Partial<Observations>): void => {
  rehearsal.observations = { ...rehearsal.observations, ...more };
};

/**
 * Whether the last `count` calls of each probe had this outcome. Bystanders must always be allowed,
 * so for `denied` only the attacker's probes count.
 */
export const recentCallsWere = (
  { probing, attack }: Rehearsal,
  outcome: 'allowed' | 'denied',
  count: number,
): boolean =>
  (attack?.probes ?? [])
    .filter(({ side }) => side === 'attacker' || outcome === 'allowed')
    .every(({ name }) => {
      const recent = (probing?.calls ?? []).filter(({ probe }) => probe === name).slice(-count);
      return recent.length === count && recent.every((call) => call.outcome === outcome);
    });
