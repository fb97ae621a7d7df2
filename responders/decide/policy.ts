import type { Finding } from '../finding/finding.ts';
import type { Identified } from '../finding/identify.ts';
import type { Decision } from '../incident/incident.ts';
import type { Attempt } from '../shared/attempt.ts';
import { exemption } from './never-contain.ts';
import type { Settings } from './settings.ts';
import type { Confirmed, Facts } from './suspect-kind.ts';

/** Everything that a decision depends on. */
export interface DecisionInput {
  readonly finding: Finding;
  readonly identified: Identified;
  readonly facts?: Facts;
  /** Number of automatic containments in the window of the circuit breaker. */
  readonly recent?: Attempt<number>;
  readonly settings: Settings;
}

type Rule = (input: DecisionInput) => Decision | undefined;

/** An input in which all facts were read. */
type Known = DecisionInput & Confirmed;

const notify = (reason: string): Decision => ({ kind: 'notify', reason });
const ask = (reason: string): Decision => ({ kind: 'ask', reason });

type AccountPlace = Pick<Finding, 'partition' | 'account' | 'region'>;
const placeOf = ({ partition, account, region }: AccountPlace): string =>
  `${partition}/${account}/${region}`;

const elsewhere: Rule = ({ finding, settings }) =>
  finding.account !== settings.account ||
  finding.region !== settings.region ||
  finding.partition !== settings.partition
    ? notify(`it is about ${placeOf(finding)}; this deployment acts in ${placeOf(settings)} only`)
    : undefined;

/** A sample is recorded like a finding that is too small, so it makes one notice and no report. */
const sample: Rule = ({ finding }) =>
  finding.sample
    ? { kind: 'suppress', reason: 'it is a sample finding: nothing real is behind it' }
    : undefined;

const archived: Rule = ({ finding }) =>
  finding.archived ? notify('the finding is archived: it has been judged already') : undefined;

const quiet: Rule = ({ finding, settings }) =>
  finding.severity < settings.minSeverity
    ? {
        kind: 'suppress',
        reason: `severity ${finding.severity} is below the threshold ${settings.minSeverity}`,
      }
    : undefined;

const unnamed: Rule = ({ identified }) =>
  'cannot' in identified ? notify(identified.cannot) : undefined;

/** Checks the claimed role before any read, so that no read is made about an exempt role. */
const exemptByClaim: Rule = ({ identified, settings }) => {
  const arn = 'named' in identified ? identified.named.claimed.roleArn : undefined;
  const because = arn && exemption([arn], settings);
  return because ? notify(`never contained: ${because}`) : undefined;
};

const unreadable: Rule = ({ facts, recent }) => {
  const reads = { ...facts?.reads, 'number of recent containments': recent };
  for (const [what, read] of Object.entries(reads)) {
    if (!read) return ask(`the ${what} was not read`);
    if (!read.ok)
      return read.missing
        ? notify(`the ${what} does not exist`)
        : ask(`could not judge: the ${what} could not be read (${read.why})`);
  }
  return undefined;
};

const exempt = ({ arns, settings }: Known): Decision | undefined => {
  const because = exemption(arns, settings);
  return because ? notify(`never contained: ${because}`) : undefined;
};

const unproven = ({ contradiction }: Known): Decision | undefined =>
  contradiction === null ? undefined : notify(`not proven: ${contradiction}`);

const drillOnly = ({ finding, tags, parts }: Known): Decision | undefined =>
  finding.drill && !tags.every((tag) => tag['cordon:drill'] === 'allowed')
    ? notify(`a drill may touch only what is tagged cordon:drill=allowed, ${parts}`)
    : undefined;

const critical = ({ tags }: Known): Decision | undefined =>
  tags.some((tag) => tag['cordon:tier'] === 'critical')
    ? ask('it is tagged cordon:tier=critical')
    : undefined;

const tripped = ({ finding, recent, settings: { breaker } }: Known): Decision | undefined =>
  !finding.drill && recent?.ok && recent.value >= breaker.limit
    ? ask(
        `${recent.value} workloads were contained in the last ${breaker.minutes} minutes: ` +
          'somebody may be sending findings so that Cordon stops workloads',
      )
    : undefined;

const known = (input: DecisionInput): Known | undefined =>
  input.facts?.confirmed ? { ...input, ...input.facts.confirmed } : undefined;

const contain = ({ finding, proof }: Known): Decision => ({
  kind: 'contain',
  reason: `${finding.drill ? 'drill, ' : ''}severity ${finding.severity}, ${proof}`,
});

const beforeReading: readonly Rule[] = [elsewhere, sample, archived, quiet, unnamed, exemptByClaim];
const certain: readonly ((known: Known) => Decision | undefined)[] = [exempt, unproven, drillOnly];
const askable: readonly ((known: Known) => Decision | undefined)[] = [critical, tripped];

const firstDecision = <T>(
  rules: readonly ((subject: T) => Decision | undefined)[],
  subject: T,
): Decision | undefined => {
  for (const rule of rules) {
    const decision = rule(subject);
    if (decision) return decision;
  }
  return undefined;
};

/** The decision from the finding alone; `undefined` when facts about the account are needed. */
export const decideAlone = (input: DecisionInput): Decision | undefined =>
  firstDecision(beforeReading, input);

/**
 * Decides what to do, with a reason. Pure. Where facts are missing a person is asked; the finding
 * is neither contained nor dropped.
 */
export const decide = (input: DecisionInput): Decision => {
  const early = decideAlone(input) ?? unreadable(input);
  if (early) return early;
  const subject = known(input);
  if (!subject) return ask('could not judge: facts about the workload could not be read');
  return firstDecision([...certain, ...askable], subject) ?? contain(subject);
};

/** The decision after an approval: only the rules that no person may override still apply. */
export const decideApproved = (input: DecisionInput, by: string): Decision => {
  const subject = known(input);
  const refused =
    decideAlone(input) ??
    (subject
      ? firstDecision(certain, subject)
      : notify('still could not judge: the function or role cannot be read'));
  return refused ?? { kind: 'contain', reason: `approved by ${by}` };
};
