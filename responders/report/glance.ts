import type { ReportVerdict, ReportView } from '../../report-templates/view.ts';
import type { Responder } from '../contain/responder.ts';
import type { Case } from '../incident/case.ts';
import { count } from '../shared/count.ts';
import { reachedText, whoText } from './attacker-words.ts';
import type { ReportInput } from './input.ts';
import { isCredential } from './rotate.ts';
import { attackerFacts } from './seen-calls.ts';
import { list, type Show } from './shown.ts';
import { actionLines, type CommandScope, nextStep } from './words.ts';

/** What every responder that holds has stopped, in the catalogue's order. */
const stoppedWords = ({ actions }: Case, catalog: readonly Responder[]): string => {
  const holding = new Set(
    actions.filter(({ outcome }) => outcome === 'contained').map(({ responder }) => responder),
  );
  return list(catalog.filter(({ id }) => holding.has(id)).map(({ headline }) => headline));
};

const sentence = (text: string): string =>
  text === '' ? '' : `${text[0]?.toUpperCase()}${text.slice(1)}.`;

const toRotate = ['partial', 'not-contained', 'unanswered', 'notify-only', 'contested'];

/** One sentence: the commands stand below, under the decisions. */
const nowOf = (
  { head, actions }: Case,
  steps: ReportView['rotate'],
  scope: CommandScope,
): string => {
  const credentials = steps.filter(isCredential);
  const mostUrgent = credentials[0]?.what;
  const rotate =
    mostUrgent && credentials.length > 1
      ? `${credentials.length} credentials, first ${mostUrgent}`
      : mostUrgent;
  if (head.state === 'contained' && !head.drill)
    return rotate
      ? `Rotate ${rotate}. Release when the workload is clean.`
      : 'Look at what was reached. Release when the workload is clean.';
  if (head.state === 'released' && !head.drill && rotate)
    return `Rotate ${rotate}, if nobody has done it yet.`;
  const then = rotate && toRotate.includes(head.state) ? `. Then rotate ${rotate}` : '';
  // A command is copied: no full stop behind its last quote.
  return `${nextStep(head, actions, scope, 'report')}${then}.`.replace('".', '"');
};

/** The first change that failed, and how many more did. */
const urgentText = ([failure, ...others]: readonly string[]): string | undefined =>
  failure === undefined || others.length === 0
    ? failure
    : `${failure}, and ${count(others.length, 'more change')} that failed`;

/** Short answers for the first screen. */
export const glance = (
  input: ReportInput,
  view: Pick<ReportView, 'open' | 'rotate'> & { verdict: ReportVerdict },
  show: Show,
): ReportView['glance'] => {
  const { incident, place } = input;
  const stopped = stoppedWords(incident, place.catalog);
  const failed = incident.actions.filter(
    ({ outcome }) => outcome === 'not-contained' || outcome === 'applied',
  );
  const why =
    view.verdict.tone === 'good'
      ? sentence(stopped)
      : `${view.verdict.sentence} ${sentence(stopped)}`.trim();
  const urgent = failed.length > 0 ? actionLines(failed, place.catalog, show) : [];
  const more = view.open.length - 1;
  const still = view.open[0]
    ? `${view.open[0].what}${more > 0 ? `, and ${count(more, 'more point')} below` : ''}.`
    : 'Nothing that Cordon knows of.';
  const facts = attackerFacts(input);
  return {
    contained: why || view.verdict.sentence,
    who: whoText(facts, show),
    lost: reachedText(facts, show) || 'Not known: there is no timeline.',
    open: urgentText(urgent) ?? still,
    now: nowOf(incident, view.rotate, place),
  };
};
