import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { heldBackOf } from '../decide/breaker.ts';
import { needsTwoPersons, type Ruling, ruleAlone } from '../decide/policy.ts';
import type { DecisionInput } from '../decide/rule.ts';
import { breakerRule } from '../decide/rules.ts';
import type { Finding } from '../finding/finding.ts';
import { identify, type Named, type NamedIdentities } from '../finding/identify.ts';
import { nameKeysIn, narrowed } from '../finding/named.ts';
import { archivedRule, type Decision, originRule, type RuleAnswer } from '../incident/incident.ts';
import type { WhoSigned } from '../incident/person.ts';
import type { CheckProof } from '../incident/proof.ts';
import type { Proposal } from '../incident/question.ts';
import { type Suspect, suspectsOf } from '../incident/suspect.ts';
import { SlowError } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import {
  type AccountDeps,
  type AccountReads,
  busyRead,
  proposalOf,
  readAccount,
} from './account-reads.ts';
import type { ReadRadius } from './blast-radius.ts';
import type { ReadChanges } from './changes.ts';
import type { Believed, FindProvenance, Provenance } from './provenance.ts';
import { type Reading, readingsFor } from './run.ts';
import { youngTags } from './tag-age.ts';

/** What containment, watch and release need from outside. */
export interface ContainDeps extends AccountDeps {
  readonly log: Log;
  /** Whether a drill, an answer or a release comes from who may send it. */
  readonly checkProof: CheckProof;
  /** Who signed a decision, as AWS says it. */
  readonly whoSigned: WhoSigned;
}

/** What judging a finding needs besides. */
export interface JudgeDeps extends ContainDeps {
  readonly provenanceOf: FindProvenance;
  readonly readChanges: ReadChanges;
  readonly readRadius: ReadRadius;
}

/** A finding with the decision about it, and the state of its targets before any change. */
export interface JudgedFinding {
  readonly finding: Finding;
  /** In the claim of the incident; missing where the finding is what it says. */
  readonly doubt?: string;
  /** What is stored; the event as it arrived where this is missing. */
  readonly event?: unknown;
  readonly decision: Decision;
  /** Missing where no rule of the policy was asked. */
  readonly rules?: readonly RuleAnswer[];
  readonly suspect: Suspect | null;
  /** The others, as in the head of a case. */
  readonly suspects?: readonly Suspect[] | undefined;
  /** Everybody whom the decision is about, confirmed or not; missing where nobody was read. */
  readonly names?: readonly string[];
  /** The SHA-256 of the newest code as it is now, before anything was changed. */
  readonly code?: string | undefined;
  readonly readings: readonly Reading[];
  /** Two persons must approve; missing where one is enough, or the workload is not known. */
  readonly twoPersons?: true;
  /** Where a person is asked. */
  readonly proposal?: Proposal;
}

/** How a finding is judged. */
export interface Judging {
  readonly rule: (input: DecisionInput) => Ruling;
  /** Found out beside the other reads. */
  readonly provenance: Promise<Provenance>;
  /** The retries are used up: wait longer, and decide on what could be read. */
  readonly isLastTry?: boolean | undefined;
  /** Whom of a finding this is about; everybody where this is missing. */
  readonly isMeant?: (named: Named) => boolean;
}

/** The names that facts are needed about; `undefined` where the finding alone decides. */
const namesToRead = (input: DecisionInput): NamedIdentities | undefined =>
  ruleAlone(input) || 'cannot' in input.identified ? undefined : input.identified;

const inputOf = (
  finding: Finding,
  { isMeant = () => true }: Judging,
  { settings, now }: AccountDeps,
): DecisionInput => ({
  finding,
  identified: narrowed(identify(finding), isMeant),
  settings,
  now: now(),
});

/** A person decides what Cordon is not certain of; a drill is no question for a person. */
const doubted = (decision: Decision, doubt: string | undefined, drill: boolean): Decision =>
  doubt === undefined || !['contain', 'ask'].includes(decision.kind)
    ? decision
    : {
        kind: drill || decision.observed ? 'notify' : 'ask',
        reason: decision.kind === 'ask' ? `${doubt}; ${decision.reason}` : doubt,
      };

/** Read only once it is decided that a person is asked, so that no containment waits for it. */
const askedAbout = async (
  decision: Decision,
  suspects: readonly Suspect[],
  deps: JudgeDeps,
): Promise<Proposal> => {
  const [proposal, radius] = await Promise.all([
    proposalOf(decision, suspects, deps),
    suspects.length > 0 ? deps.readRadius(suspects) : undefined,
  ]);
  return { ...proposal, ...(radius && { radius }) };
};

/** What is judged, and why a person decides. */
interface Judged extends Pick<Believed, 'finding' | 'event' | 'doubt'> {
  /** Which rule the doubt is: an archived finding is real, one of an unknown origin may not be. */
  readonly doubtRule: string;
}

const judgeBelieved = async (
  { finding, event, doubt, doubtRule }: Judged,
  reads: AccountReads | undefined,
  judging: Judging,
  deps: JudgeDeps,
): Promise<JudgedFinding> => {
  const { rule, isLastTry = false } = judging;
  const input = inputOf(finding, judging, deps);
  const named = namesToRead(input);
  const names = nameKeysIn(input.identified);
  if (!named) return { finding, event, ...rule(input), suspect: null, names, readings: [] };
  const account = reads ?? (await readAccount(named, finding, isLastTry, deps));
  const { facts, readings, recent } = account;
  // A burst of findings makes reads slow for a moment, so retry before asking a person.
  const busy = busyRead(account);
  if (busy && !isLastTry) throw new SlowError(busy.why);
  const young = await youngTags(facts.confirmed, finding, deps);
  const known = { ...input, facts, recent, youngTags: young };
  const ruled = rule(known);
  const heldBack = ruled.rules.at(-1)?.rule === breakerRule ? heldBackOf(known) : undefined;
  const persons = needsTwoPersons(known) ? ({ twoPersons: true } as const) : {};
  const decision = doubted(ruled.decision, doubt, finding.drill);
  const { suspect = null, suspects } = facts.confirmed ?? {};
  const confirmed = suspectsOf({ suspect, suspects });
  return {
    finding,
    event,
    decision,
    rules: [...ruled.rules, ...(doubt === undefined ? [] : [{ rule: doubtRule, said: doubt }])],
    suspect,
    suspects,
    names,
    code: facts.code,
    readings: decision.kind === 'contain' ? readingsFor(readings, confirmed) : [],
    ...persons,
    ...(decision.kind === 'ask' && {
      proposal: {
        ...(await askedAbout(decision, confirmed, deps)),
        ...(heldBack && { heldBack }),
        ...persons,
        ...(doubt !== undefined && { doubted: true }),
      },
    }),
  };
};

/**
 * Two findings with one id share a claim only where they name the same workload and lead to the
 * same decision: so no forged one can stand in for the real one while neither is proven.
 */
const unprovenBy = ({ finding, decision }: JudgedFinding): string =>
  `unproven-${createHash('sha256')
    .update(JSON.stringify([decision.kind, identify(finding)]))
    .digest('hex')
    .slice(0, 16)}`;

const retryFor = (provenance: Provenance): string | undefined =>
  (provenance.is === 'unknown' && provenance.busy) ||
  (provenance.is === 'forged' && provenance.mayBeTooNew)
    ? provenance.why
    : undefined;

/**
 * Reads all facts in parallel with a short deadline, and beside them where the finding comes from;
 * then decides. Throws a SlowError while a read is busy, so that the state machine retries; with
 * `isLastTry` the decision is made without that read.
 */
export const judge = async (
  claimed: Finding,
  judging: Judging,
  deps: JudgeDeps,
): Promise<JudgedFinding> => {
  const { isLastTry = false } = judging;
  const named = namesToRead(inputOf(claimed, judging, deps));
  const [provenance, reads] = await Promise.all([
    judging.provenance,
    named && readAccount(named, claimed, isLastTry, deps),
  ]);
  const slow = retryFor(provenance);
  if (slow && !isLastTry) throw new SlowError(slow);
  if (provenance.is === 'believed') {
    const [asked, held] = [claimed, provenance.finding].map(
      (finding) => inputOf(finding, judging, deps).identified,
    );
    // What was read is about whom the event names; GuardDuty’s copy may name others too.
    const known = isDeepStrictEqual(asked, held) ? reads : undefined;
    return judgeBelieved({ ...provenance, doubtRule: archivedRule }, known, judging, deps);
  }
  if (provenance.is === 'unknown') {
    const judged = await judgeBelieved(
      {
        ...{ finding: claimed, doubt: `could not judge: ${provenance.why}` },
        doubtRule: originRule,
      },
      reads,
      judging,
      deps,
    );
    return { ...judged, doubt: unprovenBy(judged) };
  }
  return {
    finding: claimed,
    doubt: 'forged',
    decision: { kind: 'forged', reason: provenance.why },
    rules: [{ rule: originRule, said: provenance.why }],
    suspect: null,
    readings: [],
  };
};
