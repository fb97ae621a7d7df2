import { clockNames } from '../responders/incident/incident.ts';
import { attackerLines } from '../responders/report/attacker-words.ts';
import { approvalLines, decisionFacts } from '../responders/report/question-words.ts';
import { earlierSessionsText } from '../responders/report/session-words.ts';
import { verdictWith } from '../responders/report/verdict-line.ts';
import {
  breaksText,
  type CommandScope,
  mayHold,
  nextStep,
  releaseCommand,
  severityText,
  workload,
} from '../responders/report/words.ts';
import { count } from '../responders/shared/count.ts';
import { printable } from '../responders/shared/printable.ts';
import { offset } from '../responders/shared/time-text.ts';
import { expiryRule } from './expired.ts';
import type { IncidentView } from './incident-view.ts';

/** What to do next, and how to take back what may still be in force. */
const nextSteps = (view: IncidentView, scope: CommandScope): string[] => {
  const { id, actions } = view;
  const step = nextStep(view, actions, scope);
  const command = releaseCommand(id, scope);
  return actions.some(mayHold) && !step.includes(command)
    ? [step, `When it is clean: ${command}`]
    : [step];
};

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];

/** A fact with its label in a column, which a long label widens. */
const factLine = ({ label, text }: Readonly<Record<'label' | 'text', string>>): string =>
  `  ${label.toLowerCase().padEnd(10)}${text}`;

/** Each clock, and how long before or after the event it was. */
const clockLines = ({ clocks }: IncidentView): string[] =>
  clockNames.flatMap((name) => {
    const at = clocks[name];
    if (at === null) return [];
    const since = clocks.event === null ? '' : offset(at, clocks.event);
    return [`${name.padEnd(10)} ${new Date(at).toISOString()}  ${since}`.trimEnd()];
  });

const evidenceLines = (view: IncidentView): string[] =>
  view.evidence.expired
    ? [`gone, with the reports and the timeline: ${expiryRule('local')}`]
    : storedLines(view);

const storedLines = ({ evidence, timeline, report, round }: IncidentView): string[] => [
  `${count(evidence.objects, 'object')}${round > 1 ? ` in ${round} rounds` : ''}, ` +
    `${count(evidence.bytes, 'byte')} ` +
    `below s3://${evidence.bucket}/${evidence.prefix}`,
  ...(evidence.manifest ? [`manifest  ${evidence.manifest}`] : []),
  ...(timeline.events === null
    ? []
    : [
        `timeline  ${count(timeline.events, 'event')} (pass ${timeline.pass}), ` +
          `up to ${timeline.horizon ?? 'nothing delivered yet'}`,
      ]),
  ...[report.html, report.text].flatMap((key) => (key === null ? [] : [`report    ${key}`])),
  ...evidence.gaps.map(
    ({ kind, what, why }) => `${kind.toUpperCase()} ${printable(what)}: ${printable(why)}`,
  ),
];

/**
 * One incident for people: verdict, what was done, how far it is, what to do next. Attacker-written
 * text is made printable.
 */
export const incidentText = (view: IncidentView, scope: CommandScope = {}): string => {
  const { id, state, drill, finding, actions, stages, mails, release } = view;
  const breaks = breaksText(view.suspect, actions);
  return [
    `${verdictWith(view, printable(view.decision.reason, 400))}${drill ? ' (DRILL)' : ''}`,
    `  incident  ${id}`,
    `  finding   ${[severityText(view), printable(finding.title)].filter(Boolean).join(': ')}`,
    `  type      ${printable(finding.type, 120)}`,
    `  about     ${workload(view)}`,
    ...attackerLines(view, printable).map(factLine),
    ...(breaks ? [factLine({ label: 'Breaks', text: breaks })] : []),
    ...decisionFacts(view, printable, { label: 'Why' }).map(factLine),
    ...section(
      'Approving makes these changes, and each can be taken back',
      state === 'awaiting-approval' ? approvalLines(view, printable) : [],
    ),
    ...section(
      'Actions',
      actions.map(
        ({ responder, target, outcome, reason }) =>
          `${outcome.padEnd(13)} ${responder} on ${target}` +
          (reason ? ` (${printable(reason)})` : ''),
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
          `${new Date(release.at).toISOString()} by ${printable(release.by)}: ` +
            printable(release.reason),
          ...[earlierSessionsText(view, 'UTC')].filter(Boolean),
        ])
      : []),
    ...section('Next', nextSteps(view, scope)),
  ].join('\n');
};
