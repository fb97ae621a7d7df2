import { clockNames, type IncidentState } from '../responders/incident/incident.ts';
import { printable } from '../responders/shared/printable.ts';
import { offset } from '../responders/shared/time-text.ts';
import type { IncidentView } from './incident-view.ts';

/** Is it contained? The answer comes first. */
export const verdict: Readonly<Record<IncidentState, string>> = {
  open: 'NOT CONTAINED YET: containment is under way',
  'awaiting-approval': 'NOT CONTAINED: Cordon waits for your decision',
  contained: 'CONTAINED: every change was made and seen to hold',
  partial: 'PARTLY CONTAINED: not every change holds',
  'not-contained': 'NOT CONTAINED: no change holds',
  contested: 'CONTESTED: somebody removed the containment, Cordon put it back',
  'notify-only': 'NOT CONTAINED: nothing was changed, on purpose',
  suppressed: 'NOT CONTAINED: recorded only',
  released: 'RELEASED: containment was taken back',
  closed: 'CLOSED',
};

const nextCommand = ({ id, state, actions }: IncidentView): string => {
  if (state === 'awaiting-approval') return `cordon approve ${id} --reason "…"   (or --deny)`;
  if (state === 'released' || state === 'closed') return 'none';
  const kept = actions.some(
    ({ outcome }) => outcome === 'contained' || outcome === 'applied' || outcome === 'not-released',
  );
  return kept
    ? `cordon release ${id} --reason "…"   (when it is clean)`
    : 'none from here: judge it yourself';
};

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];

const workload = ({ suspect, finding: { account, region } }: IncidentView): string =>
  `${suspect ? `function ${suspect.functionName}, role ${suspect.roleName} (${suspect.sharing})` : 'not confirmed'}, in ${printable(account, 20)}/${printable(region, 30)}`;

/** Each clock, and how long before or after the event it was. */
const clockLines = ({ clocks }: IncidentView): string[] =>
  clockNames.flatMap((name) => {
    const at = clocks[name];
    if (at === null) return [];
    const since = clocks.event === null ? '' : offset(at, clocks.event);
    return [`${name.padEnd(10)} ${new Date(at).toISOString()}  ${since}`.trimEnd()];
  });

const evidenceLines = ({ evidence, timeline, report }: IncidentView): string[] => [
  `${evidence.objects} objects, ${evidence.bytes} bytes below s3://${evidence.bucket}/${evidence.prefix}`,
  ...(evidence.manifest ? [`manifest ${evidence.manifest}`] : []),
  ...(timeline.events === null
    ? []
    : [
        `timeline ${timeline.events} events (pass ${timeline.pass}), up to ${timeline.horizon ?? 'nothing delivered yet'}`,
      ]),
  ...[report.html, report.text].flatMap((key) => (key === null ? [] : [`report ${key}`])),
  ...evidence.gaps.map(
    ({ kind, what, why }) => `${kind.toUpperCase()} ${printable(what)}: ${printable(why)}`,
  ),
];

/**
 * One incident for people: verdict, what was done, how far it is, what to do next. Attacker-written
 * text is made printable.
 */
export const incidentText = (view: IncidentView): string => {
  const { id, state, drill, finding, decision, actions, stages, mails, release } = view;
  return [
    `${verdict[state]}${drill ? ' (DRILL)' : ''}`,
    `  incident ${id}`,
    `  finding  ${printable(finding.type, 120)}, severity ${finding.severity}: ${printable(finding.title)}`,
    `  about    ${workload(view)}`,
    `  why      ${printable(decision.reason, 400)}`,
    ...section(
      'Actions',
      actions.map(
        ({ responder, target, outcome, reason }) =>
          `${outcome.padEnd(13)} ${responder} on ${target}${reason ? ` (${printable(reason)})` : ''}`,
      ),
    ),
    ...section(
      'Stages',
      stages.map(
        ({ name, status, ms, error }) =>
          `${status.padEnd(8)} ${name}, ${ms} ms${error ? `: ${printable(error)}` : ''}`,
      ),
    ),
    ...section('Clocks (UTC, and since the event)', clockLines(view)),
    ...section('Evidence', evidenceLines(view)),
    ...section(
      'Mails',
      mails.map(({ at, subject }) => `${new Date(at).toISOString()}  ${printable(subject, 120)}`),
    ),
    ...(release
      ? section('Release', [
          `${new Date(release.at).toISOString()} by ${printable(release.by)}: ${printable(release.reason)}`,
        ])
      : []),
    ...section('Next', [nextCommand(view)]),
  ].join('\n');
};
