import { possibleSuspects, readCallers, readFacts } from '../decide/kinds.ts';
import type { Settings } from '../decide/settings.ts';
import { mostSuspects, severalFacts } from '../decide/several.ts';
import type { Deadlines, Facts } from '../decide/suspect-kind.ts';
import type { Finding } from '../finding/finding.ts';
import type { NamedIdentities } from '../finding/identify.ts';
import { type BreakerRecord, breakerRecords } from '../incident/breaker.ts';
import type { Decision } from '../incident/incident.ts';
import type { Proposal } from '../incident/question.ts';
import type { Suspect } from '../incident/suspect.ts';
import type { Table } from '../incident/table.ts';
import { type Attempt, attempt, type Unread } from '../shared/attempt.ts';
import type { Aws } from '../shared/aws.ts';
import { readMs } from './patience.ts';
import type { Responder } from './responder.ts';
import { type Reading, readBefore, targetsOf } from './run.ts';

/** What reading the account needs from outside. */
export interface AccountDeps {
  readonly aws: Aws;
  readonly table: Table;
  readonly settings: Settings;
  readonly catalog: readonly Responder[];
  readonly now: () => number;
}

/** What the account says about the workload that a finding names. */
export interface AccountReads {
  readonly facts: Facts;
  readonly readings: readonly Reading[];
  /** What was contained or held back in the window of the circuit breaker. */
  readonly recent: Attempt<readonly BreakerRecord[]>;
}

const neighboursMs = 800;

/** Reads everything in parallel, each part until its deadline. */
export const readAccount = async (
  identified: NamedIdentities,
  finding: Pick<Finding, 'account' | 'drill'>,
  isLastTry: boolean,
  { aws, table, settings, catalog, now }: AccountDeps,
): Promise<AccountReads> => {
  const deadlines: Deadlines = { factsMs: readMs(isLastTry), neighboursMs };
  const { named, others = [] } = identified;
  const identities = [named, ...others].slice(0, mostSuspects);
  const [each, readings, recent] = await Promise.all([
    Promise.all(
      identities.map(async (identity) => ({
        named: identity,
        facts: await readFacts(identity, aws, deadlines),
      })),
    ),
    readBefore(
      catalog,
      identities.flatMap((identity) => possibleSuspects(identity, aws)),
      { aws, now },
      deadlines.factsMs,
    ),
    attempt(
      deadlines.factsMs,
      finding.drill ? Promise.resolve([]) : breakerRecords(table, now(), settings.breaker.minutes),
    ),
  ]);
  const facts = severalFacts(identified, each, { finding, settings, now: now() });
  return { facts, readings, recent };
};

/** The first read that a retry may answer. */
export const busyRead = ({ facts, recent }: AccountReads): Unread | undefined =>
  [...Object.values(facts.reads), recent].find((read): read is Unread => !read.ok && read.busy);

/** What approving would change and what uses the workload: read after the decision to ask. */
export const proposalOf = async (
  { reason }: Decision,
  suspects: readonly Suspect[],
  { aws, catalog }: AccountDeps,
): Promise<Proposal> => {
  const callers = await Promise.all(
    suspects.map((suspect) => attempt(readMs(false), readCallers(suspect, aws))),
  );
  const aims = targetsOf(catalog, suspects);
  const isRead = callers.length > 0 && callers.every(({ ok }) => ok);
  return {
    because: reason,
    changes: aims.map(({ responder: { title, stops }, target }) => ({ title, target, stops })),
    callers: isRead ? callers.flatMap((read) => (read.ok ? read.value : [])) : null,
  };
};
