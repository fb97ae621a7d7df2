import type { Exposure, Reach, ReportView } from '../../report-templates/view.ts';
import type { Case } from '../incident/case.ts';
import { gapsOf } from '../incident/stage.ts';
import { count } from '../shared/count.ts';
import { inZone } from '../shared/time-text.ts';
import type { Reached } from '../timeline/timeline.ts';
import { dataEventsUnknown, howReached } from './attacker-words.ts';
import type { ReportInput } from './input.ts';
import { broken } from './open.ts';
import { type Allowance, allowed, functionsWithRole, hasPolicies, unread } from './policies.ts';
import type { Show } from './shown.ts';
import { containCommand } from './words.ts';

const titles: Readonly<Record<Allowance['kind'], string>> = {
  everything: 'Everything',
  secret: 'Secrets',
  role: 'Roles it may assume or hand on',
  table: 'Tables',
  bucket: 'Buckets and objects',
  parameter: 'Parameters',
  key: 'Keys',
  function: 'Functions',
  queue: 'Queues',
  topic: 'Topics',
};

const order = Object.keys(titles);

const capped = (lines: readonly string[], most: number): string[] =>
  lines.length <= most
    ? [...lines]
    : [...lines.slice(0, most), `and ${count(lines.length - most, 'more', 'more')}`];

const allowanceText = (pattern: string, changes: boolean, show: Show): string =>
  `${pattern === '*' ? 'any' : show(pattern, 160)} (${changes ? 'read and change' : 'read'})`;

/** Kind by kind: what the policies allow, and what the timeline shows. */
const rows = (could: readonly Allowance[], did: readonly Reached[], show: Show): Exposure[] => {
  const present = new Set<string>([
    ...could.map(({ kind }) => kind),
    ...did.map(({ kind }) => kind),
  ]);
  return order
    .filter((kind) => present.has(kind))
    .map((kind) => ({
      kind: titles[kind as Allowance['kind']],
      could: capped(
        could
          .filter((allowance) => allowance.kind === kind)
          .map(({ pattern, changes }) => allowanceText(pattern, changes, show)),
        8,
      ),
      did: capped(
        did
          .filter((resource) => resource.kind === kind)
          .map((resource) => `${show(resource.what, 160)}: ${howReached(resource)}`),
        8,
      ),
    }));
};

const howWeighed =
  'Read from the own policies of role or user. Denies, conditions, boundaries and organisation ' +
  'policies are not weighed: an upper limit; real access may be smaller.';

const whosePolicies = ({ head: { attacker, suspect } }: Case): string =>
  attacker?.user && !suspect ? 'The user’s policies' : 'The role’s policies';

/** What the workload could reach, what it did reach, and whom the containment hurts. */
export const blast = (input: ReportInput, show: Show): ReportView['blast'] => {
  const { documents, timeline, incident } = input;
  const roleGaps = gapsOf(incident.stages).filter(({ collector }) => collector === 'collect.role');
  const gaps = [...new Set([...unread(documents), ...roleGaps.map((gap) => show(gap.what, 160))])];
  const policies = hasPolicies(documents)
    ? [
        howWeighed,
        ...(gaps.length > 0 ? [`Not readable, so unknown: ${capped(gaps, 12).join(', ')}.`] : []),
      ]
    : [`${whosePolicies(incident)} are not in the evidence: what could be reached is unknown.`];
  return {
    sentences: [...broken(input, functionsWithRole(documents), show), ...policies],
    exposure: rows(allowed(documents), timeline.ok ? timeline.timeline.reached : [], show),
  };
};

/** What was really read, changed and made, as far as CloudTrail tells. */
export const reached = ({ timeline, place }: ReportInput, show: Show): Reach => {
  if (!timeline.ok)
    return { sentence: `Unknown: ${show(timeline.why, 300)}.`, rows: [], followed: [], left: [] };
  const { reached: resources, followed, leftBehind, horizon, pass } = timeline.timeline;
  const until = horizon
    ? `up to ${show(horizon, 30)}`
    : 'though the logs have delivered nothing yet';
  return {
    sentence:
      pass === 1
        ? `${count(resources.length, 'resource')} in management events, ${until}; ` +
          `${dataEventsUnknown}.`
        : resources.length === 0
          ? `CloudTrail shows nothing that was reached, ${until}.`
          : `${count(resources.length, 'resource')} in CloudTrail, ${until}.`,
    rows: resources.slice(0, 40).map((resource) => ({
      kind: titles[resource.kind],
      what: show(resource.what, 160),
      how: howReached(resource),
      when: inZone(Date.parse(resource.first), place.zone),
    })),
    followed: followed.slice(0, 20).map(({ kind, who, by, events }) => ({
      what: `${kind} ${show(who, 160)}`,
      why: [
        `by ${show(by.action, 80)}, ${count(events, 'call')} since`,
        containCommand(show(who, 300), place),
      ]
        .filter(Boolean)
        .join('; contain it: '),
    })),
    left: leftBehind.slice(0, 25).map(({ kind, what, by, check }) => ({
      what: `${kind} ${show(what, 160)}`,
      how: `${show(by.action, 80)} at ${show(by.at, 30)}`,
      check: show(check, 300),
    })),
  };
};
