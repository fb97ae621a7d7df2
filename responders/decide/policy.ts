import type { Finding } from '../finding/finding.ts';
import type { Identified, Named } from '../finding/identify.ts';
import type { Decision } from '../incident/incident.ts';
import type { Read } from '../shared/attempt.ts';
import type { Facts } from './facts.ts';
import { exemption } from './never-contain.ts';
import type { Settings } from './settings.ts';

/** Everything that a decision depends on. */
export interface Evidence {
  readonly finding: Finding;
  readonly identified: Identified;
  readonly facts?: Facts;
  /** Automatic containments inside the breaker's window. */
  readonly recent?: Read<number>;
  readonly settings: Settings;
}

type Rule = (evidence: Evidence) => Decision | undefined;

/** A case in which all facts were read. */
interface Known extends Evidence {
  readonly named: Named;
  readonly functionArn: string;
  readonly roleArn: string;
  readonly roleId: string;
  readonly runsAs: string;
  readonly tags: readonly Readonly<Record<string, string>>[];
}

const notify = (reason: string): Decision => ({ kind: 'notify', reason });
const ask = (reason: string): Decision => ({ kind: 'ask', reason });

const elsewhere: Rule = ({ finding, settings }) =>
  finding.account !== settings.account ||
  finding.region !== settings.region ||
  finding.partition !== settings.partition
    ? notify(
        `it is about ${finding.partition}/${finding.account}/${finding.region}; this deployment acts in ${settings.partition}/${settings.account}/${settings.region} only`,
      )
    : undefined;

const sample: Rule = ({ finding }) =>
  finding.sample ? notify('it is a sample finding: nothing real is behind it') : undefined;

const archived: Rule = ({ finding }) =>
  finding.archived ? notify('the finding is archived: somebody has already judged it') : undefined;

const quiet: Rule = ({ finding, settings }) =>
  finding.severity < settings.minSeverity
    ? {
        kind: 'suppress',
        reason: `severity ${finding.severity} is below the threshold ${settings.minSeverity}`,
      }
    : undefined;

const unnamed: Rule = ({ identified }) =>
  'cannot' in identified ? notify(identified.cannot) : undefined;

/** Names alone can exempt, so that an exempt role is never even asked about. */
const exemptByClaim: Rule = ({ identified, settings }) => {
  const arn = 'named' in identified ? identified.named.claimed.roleArn : undefined;
  const because = arn && exemption([arn], settings);
  return because ? notify(`never contained: ${because}`) : undefined;
};

const unreadable: Rule = ({ facts, recent }) => {
  for (const [what, read] of Object.entries({
    function: facts?.function,
    role: facts?.role,
    'number of recent containments': recent,
  })) {
    if (!read) return ask(`the ${what} was not read`);
    if (!read.ok)
      return read.missing
        ? notify(`the ${what} does not exist`)
        : ask(`could not judge: the ${what} could not be read (${read.why})`);
  }
  return undefined;
};

const exempt = ({ roleArn, functionArn, settings }: Known): Decision | undefined => {
  const because = exemption([roleArn, functionArn], settings);
  return because ? notify(`never contained: ${because}`) : undefined;
};

/** A finding that names somebody else's role would make us the weapon. */
const unproven = ({ named, runsAs, roleArn, roleId }: Known): Decision | undefined => {
  const { claimed, functionName, roleName } = named;
  if (runsAs !== roleArn)
    return notify(`not proven: ${functionName} does not run with the role ${roleName}`);
  if (claimed.roleArn && claimed.roleArn !== roleArn)
    return notify(`not proven: the finding’s role ARN is not the ARN of ${roleName}`);
  if (claimed.roleId && claimed.roleId !== roleId)
    return notify(
      `not proven: the finding’s role id is not the id of ${roleName}, it may have been made again`,
    );
  return undefined;
};

const drillOnly = ({ finding, tags }: Known): Decision | undefined =>
  finding.drill && !tags.every((tag) => tag['cordon:drill'] === 'allowed')
    ? notify('a drill may touch only what is tagged cordon:drill=allowed, function and role')
    : undefined;

const critical = ({ tags }: Known): Decision | undefined =>
  tags.some((tag) => tag['cordon:tier'] === 'critical')
    ? ask('it is tagged cordon:tier=critical')
    : undefined;

const tripped = ({ finding, recent, settings: { breaker } }: Known): Decision | undefined =>
  !finding.drill && recent?.ok && recent.value >= breaker.limit
    ? ask(
        `${recent.value} workloads were contained in the last ${breaker.minutes} minutes: a flood may be the attack`,
      )
    : undefined;

const known = (evidence: Evidence): Known | undefined => {
  const { identified, facts } = evidence;
  if (!('named' in identified) || !facts?.function.ok || !facts.role.ok) return undefined;
  const [found, role] = [facts.function.value, facts.role.value];
  const { named } = identified;
  return {
    ...evidence,
    named,
    functionArn: found.arn,
    roleArn: role.arn,
    roleId: role.id,
    runsAs: found.roleArn,
    tags: [found.tags, role.tags],
  };
};

const contain = ({ finding }: Known): Decision => ({
  kind: 'contain',
  reason: `${finding.drill ? 'drill, ' : ''}severity ${finding.severity}, the role is proven to belong to the function`,
});

const beforeReading: readonly Rule[] = [elsewhere, sample, archived, quiet, unnamed, exemptByClaim];
const certain: readonly ((known: Known) => Decision | undefined)[] = [exempt, unproven, drillOnly];
const askable: readonly ((known: Known) => Decision | undefined)[] = [critical, tripped];

const first = <T>(
  rules: readonly ((subject: T) => Decision | undefined)[],
  subject: T,
): Decision | undefined => {
  for (const rule of rules) {
    const decision = rule(subject);
    if (decision) return decision;
  }
  return undefined;
};

/** What the finding alone decides; `undefined` when the account has to be asked. */
export const decideAlone = (evidence: Evidence): Decision | undefined =>
  first(beforeReading, evidence);

/**
 * What to do, and why. Pure. What cannot be judged asks a person: never *go ahead*, never silence.
 */
export const decide = (evidence: Evidence): Decision => {
  const early = decideAlone(evidence) ?? unreadable(evidence);
  if (early) return early;
  const subject = known(evidence);
  if (!subject) return ask('could not judge: facts are missing');
  return first([...certain, ...askable], subject) ?? contain(subject);
};

/** After a person has said yes: only what nobody may approve still refuses. */
export const decideApproved = (evidence: Evidence, by: string): Decision => {
  const subject = known(evidence);
  const refused =
    decideAlone(evidence) ??
    (subject
      ? first(certain, subject)
      : notify('still could not judge: the function or role cannot be read'));
  return refused ?? { kind: 'contain', reason: `approved by ${by}` };
};
