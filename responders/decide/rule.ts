import type { Finding } from '../finding/finding.ts';
import type { Identified } from '../finding/identify.ts';
import type { BreakerRecord } from '../incident/breaker.ts';
import type { Decision } from '../incident/incident.ts';
import type { Attempt } from '../shared/attempt.ts';
import { rowOf, type TypeRow } from './finding-types.ts';
import type { Settings } from './settings.ts';
import type { Confirmed, Facts } from './suspect-kind.ts';
import type { YoungTags } from './tags.ts';

/** Everything that a decision depends on. */
export interface DecisionInput {
  readonly finding: Finding;
  readonly identified: Identified;
  readonly facts?: Facts;
  /** What was contained or held back in the window of the circuit breaker. */
  readonly recent?: Attempt<readonly BreakerRecord[]>;
  /** Which of the tags that decide were set since the activity began. */
  readonly youngTags?: YoungTags;
  readonly settings: Settings;
  /** In epoch milliseconds. */
  readonly now: number;
}

/** An input in which all facts were read. */
export type KnownInput = DecisionInput & Confirmed;

/** One reason to do something else than to contain. Its name is what a person reads. */
export interface Rule<Input> {
  readonly name: string;
  /** `undefined`: the rule has nothing against a containment. */
  readonly says: (input: Input) => Decision | undefined;
}

export const notify = (reason: string): Decision => ({ kind: 'notify', reason });
export const ask = (reason: string): Decision => ({ kind: 'ask', reason });
export const suppress = (reason: string): Decision => ({ kind: 'suppress', reason });

/** What a person asks for is contained, whatever types and severities the configuration names. */
const byHandRow: TypeRow = { contain: 0, ask: 0, tell: 0, family: 'by hand', isKnown: true };

export const rowFor = ({ finding, settings }: DecisionInput): TypeRow =>
  finding.byHand ? byHandRow : rowOf(finding.type, settings);
