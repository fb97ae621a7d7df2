import { createHash } from 'node:crypto';
import { identify, type Named } from '../finding/identify.ts';
import { nameKey, nameKeysIn } from '../finding/named.ts';
import type { Case } from '../incident/case.ts';
import type { Claim } from '../incident/incident-id.ts';
import type { JudgeDeps, JudgedFinding } from './judge.ts';
import { reopens } from './repeat.ts';
import { namesOfCase } from './shown.ts';

/** Those whom a later revision of a finding names besides. */
export interface Newcomers {
  readonly isNew: (named: Named) => boolean;
  /** They are an incident of their own. */
  readonly claim: Claim;
}

/**
 * Whom a revision of a finding names and its incident is not about. They are decided on their own:
 * a yes to the question of the incident is none to them, and an incident that is contained must not
 * hide them. `undefined` where the incident begins anew anyway, and with everybody.
 */
export const newcomersOf = (
  incident: Case,
  judged: JudgedFinding,
  claim: Claim,
  deps: JudgeDeps,
): Newcomers | undefined => {
  const known = new Set(namesOfCase(incident));
  const added = nameKeysIn(identify(judged.finding)).filter((name) => !known.has(name));
  if (added.length === 0 || judged.doubt !== undefined || reopens(incident, judged, deps))
    return undefined;
  const hash = createHash('sha256').update(JSON.stringify(added.toSorted())).digest('hex');
  return {
    isNew: (named) => !known.has(nameKey(named)),
    claim: { ...claim, doubt: `${claim.drill ? 'drill' : 'real'}-besides-${hash.slice(0, 16)}` },
  };
};

/** The decision says why a finding has two incidents. */
export const saidBesides = (judged: JudgedFinding, { head }: Case): JudgedFinding => ({
  ...judged,
  decision: {
    ...judged.decision,
    reason: `${judged.decision.reason}; named by a later revision of the finding of ${head.id}`,
  },
});
