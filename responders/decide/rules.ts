import type { Decision } from '../incident/incident.ts';
import { isLike } from '../shared/patterns.ts';
import { heldBecause } from './breaker.ts';
import { entryText, fits, isExpired, type Suppression } from './entries.ts';
import { exemption } from './never-contain.ts';
import {
  ask,
  type DecisionInput,
  type KnownInput,
  notify,
  type Rule,
  rowFor,
  suppress,
} from './rule.ts';
import { isOld, mayCount } from './tags.ts';
import { criticalBecause } from './tier.ts';

const otherRegion = ({ finding: { region }, settings }: DecisionInput): Decision | undefined => {
  const regions = [settings.region, ...settings.furtherRegions];
  return regions.includes(region)
    ? undefined
    : notify(
        `it is about ${region}; this deployment acts in ${regions.join(', ')} only: ` +
          `add ${region} to furtherRegions of the configuration, and deploy`,
      );
};

const elsewhere: Rule<DecisionInput> = {
  name: 'account and region',
  says: (input) => {
    const [theirs, ours] = [input.finding, input.settings].map(
      ({ partition, account }) => `${partition}/${account}`,
    );
    return theirs === ours
      ? otherRegion(input)
      : notify(`it is about ${theirs}; this deployment acts in ${ours} only`);
  },
};

/** A sample is recorded like a finding that is too small, so it makes one notice and no report. */
const sample: Rule<DecisionInput> = {
  name: 'sample',
  says: ({ finding }) =>
    finding.sample ? suppress('it is a sample finding: nothing real is behind it') : undefined,
};

/** Of drills: a real finding that is archived is asked about, as somebody may want it to be. */
const archived: Rule<DecisionInput> = {
  name: 'archived',
  says: ({ finding }) =>
    finding.archived ? notify('the finding is archived: it has been judged already') : undefined,
};

/** The ARNs that a finding names, before the account has confirmed them. */
const claimedArns = ({ finding, identified }: DecisionInput): readonly string[] => [
  ...(finding.lambda ? [finding.lambda.functionArn] : []),
  ...('named' in identified && identified.named.claimed.roleArn
    ? [identified.named.claimed.roleArn]
    : []),
];

const isSuppressing =
  ({ finding, now }: DecisionInput, arns: readonly string[]) =>
  (entry: Suppression): boolean =>
    finding.byHand === undefined &&
    (entry.type === undefined || isLike(entry.type, finding.type)) &&
    fits(entry, { arns, account: finding.account }) &&
    !isExpired(entry, now);

const suppressed: Rule<DecisionInput> = {
  name: 'suppression',
  says: (input) => {
    const entry = input.settings.suppressions.find(
      (suppression) =>
        suppression.tag === undefined && isSuppressing(input, claimedArns(input))(suppression),
    );
    return entry && suppress(`suppressed: ${entryText(entry)}`);
  },
};

const quiet: Rule<DecisionInput> = {
  name: 'severity',
  says: (input) => {
    const { contain: containFrom, ask: askFrom, tell: tellFrom } = rowFor(input);
    const threshold = Math.min(containFrom, askFrom, tellFrom);
    return input.finding.severity < threshold
      ? suppress(`severity ${input.finding.severity} is below the threshold ${threshold}`)
      : undefined;
  },
};

/** A finding of a type, or of a severity, that Cordon neither contains nor asks about. */
const told: Rule<DecisionInput> = {
  name: 'only told',
  says: (input) => {
    const { contain: containFrom, ask: askFrom } = rowFor(input);
    const from = Math.min(containFrom, askFrom);
    if (input.finding.severity >= from) return undefined;
    return notify(
      Number.isFinite(from)
        ? `severity ${input.finding.severity}: findings of this type are only told below ${from}`
        : 'findings of this type are told, not contained',
    );
  },
};

const unnamed: Rule<DecisionInput> = {
  name: 'named workload',
  says: ({ identified }) => ('cannot' in identified ? notify(identified.cannot) : undefined),
};

/** Checks the claimed role before any read, so that no read is made about an exempt role. */
const exemptByClaim: Rule<DecisionInput> = {
  name: 'never contained, by the finding',
  says: ({ finding, identified, settings, now }) => {
    const arn = 'named' in identified ? identified.named.claimed.roleArn : undefined;
    const compared = { arns: arn ? [arn] : [], account: finding.account };
    const because = exemption(compared, settings, now);
    return because ? notify(`never contained: ${because}`) : undefined;
  },
};

/** The rules that need the finding alone. */
export const beforeReading: readonly Rule<DecisionInput>[] = [
  elsewhere,
  sample,
  archived,
  suppressed,
  quiet,
  told,
  unnamed,
  exemptByClaim,
];

/** A missing fact is no reason to go on, and none to be silent. */
export const unreadable: Rule<DecisionInput> = {
  name: 'facts of the account',
  says: ({ facts, recent }) => {
    const reads = Object.entries(facts?.reads ?? {});
    if (reads.length > 0 && reads.every(([, read]) => !read.ok && read.missing)) {
      const missing = reads.map(([what]) => `the ${what}`).join(' and ');
      const verb = reads.length === 1 ? 'exists' : 'exist';
      return notify(`nothing is left to contain: ${missing} no longer ${verb}`);
    }
    for (const [what, read] of [...reads, ['number of recent containments', recent] as const]) {
      if (!read) return ask(`the ${what} was not read`);
      if (!read.ok)
        return ask(
          read.missing
            ? `could not judge: the ${what} does not exist`
            : `could not judge: the ${what} could not be read (${read.why})`,
        );
    }
    return facts?.confirmed
      ? undefined
      : ask('could not judge: facts about the workload could not be read');
  },
};

const exempt: Rule<KnownInput> = {
  name: 'never contained',
  says: ({ arns, finding, settings, now }) => {
    const because = exemption({ arns, account: finding.account }, settings, now);
    return because ? notify(`never contained: ${because}`) : undefined;
  },
};

const drillOnly: Rule<KnownInput> = {
  name: 'drill target',
  says: ({ finding, tags, parts }) =>
    finding.drill && !tags.every((tag) => tag['cordon:drill'] === 'allowed')
      ? notify(`a drill may touch only what is tagged cordon:drill=allowed, ${parts}`)
      : undefined,
};

/** The rules that no person may override. */
export const certain: readonly Rule<KnownInput>[] = [exempt, drillOnly];

const suppressedResource: Rule<KnownInput> = {
  name: 'suppression of the workload',
  says: (input) => {
    const { arns, youngTags } = input;
    const entry = input.settings.suppressions.find(
      (suppression) =>
        isSuppressing(input, arns)(suppression) &&
        (suppression.tag === undefined || isOld(suppression.tag, input, youngTags)),
    );
    return entry && suppress(`suppressed: ${entryText(entry)}`);
  },
};

/** A drill is no question for a person. */
const unproven: Rule<KnownInput> = {
  name: 'proof',
  says: ({ contradiction, finding }) =>
    contradiction === null
      ? undefined
      : (finding.drill ? notify : ask)(`not proven: ${contradiction}`),
};

/** A person decides about people. */
const personal: Rule<KnownInput> = {
  name: 'person',
  says: ({ asks, finding }) =>
    asks === undefined ? undefined : (finding.drill ? notify : ask)(asks),
};

/** An intruder can set a tag before CloudTrail tells of it, so a person decides. */
const exemptByTag: Rule<KnownInput> = {
  name: 'never contained, by a tag',
  says: (input) => {
    const { finding, arns, settings, now, youngTags } = input;
    const entry = settings.neverContain.find(
      ({ tag, ...rest }) =>
        tag !== undefined &&
        !isExpired(rest, now) &&
        fits(rest, { arns, account: finding.account }) &&
        mayCount(tag, input, youngTags),
    );
    return entry && ask(`exempt by its tag ${entryText(entry)}`);
  },
};

const critical: Rule<KnownInput> = {
  name: 'critical tier',
  says: (input) => {
    const because = criticalBecause(input);
    // A person has decided already, unless two must.
    const isDecided = input.finding.byHand && input.settings.twoPersons === 'never';
    return because === undefined || isDecided ? undefined : ask(because);
  },
};

/** The name of the rule by which a question is known to be held back. */
export const breakerRule = 'circuit breaker';

const tripped: Rule<KnownInput> = {
  name: breakerRule,
  says: (input) => {
    const because = heldBecause(input);
    return because === undefined ? undefined : ask(because);
  },
};

/** The table contains this type from a higher severity, or not at all. */
const askedByType: Rule<KnownInput> = {
  name: 'finding type',
  says: (input) => {
    const { contain: containFrom } = rowFor(input);
    if (input.finding.severity >= containFrom) return undefined;
    return ask(
      Number.isFinite(containFrom)
        ? `severity ${input.finding.severity}: this type is contained from ${containFrom}`
        : 'this type is never contained without a question',
    );
  },
};

/** The rules that a person's approval overrides. */
export const askable: readonly Rule<KnownInput>[] = [
  suppressedResource,
  unproven,
  personal,
  exemptByTag,
  critical,
  tripped,
  askedByType,
];
