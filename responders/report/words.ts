import type { Tone } from '../../report-templates/view.ts';
import type { Responder } from '../contain/responder.ts';
import type { Head } from '../incident/case.ts';
import type { ConsoleScope } from '../incident/console-address.ts';
import { type Action, type IncidentState, isPartlyReleased } from '../incident/incident.ts';
import { leaveOf } from '../incident/question.ts';
import {
  type FunctionRecord,
  type Sharing,
  type Suspect,
  suspectParts,
} from '../incident/suspect.ts';
import type { NamedAttacker } from '../shared/attacker.ts';
import { grouped } from '../shared/count.ts';
import { isPrincipalArn } from '../shared/names.ts';
import { printable } from '../shared/printable.ts';
import { quoted } from '../shared/shell.ts';
import { namedPrincipal } from './attacker-words.ts';
import { copySentences } from './copy-words.ts';
import { deadlineText } from './question-words.ts';
import type { Show } from './shown.ts';

/**
 * The sentence that answers "is it contained?"; chosen by the state, which is computed from
 * outcomes.
 */
export const verdicts: Readonly<Record<IncidentState, string>> = {
  open: 'NOT YET CONTAINED: containment is under way.',
  'awaiting-approval': 'NOT CONTAINED: Cordon waits for your decision.',
  contained: 'CONTAINED: every change was made and seen to hold.',
  partial: 'PARTLY CONTAINED: not every change holds. Act now.',
  'not-contained': 'NOT CONTAINED: no change holds. Act now.',
  contested: 'CONTESTED: somebody removed our containment; Cordon put it back. Act now.',
  unanswered: 'NOT CONTAINED: nobody has answered, and Cordon keeps asking.',
  'notify-only': 'NOT CONTAINED: no action taken.',
  suppressed: 'RECORDED ONLY: no action taken.',
  forged: 'FORGED: Cordon does not believe this finding and changed nothing.',
  released: 'RELEASED: containment was taken back.',
};

/** Instead of the state's own verdict where the log contradicts what Cordon saw. */
export const contradiction =
  'NOT CONTAINED: every change is in place, and yet a later call was allowed. Act now.';

/** `good` only where everything is contained. */
export const tones: Readonly<Record<IncidentState, Tone>> = {
  open: 'warn',
  'awaiting-approval': 'bad',
  contained: 'good',
  partial: 'bad',
  'not-contained': 'bad',
  contested: 'bad',
  unanswered: 'bad',
  'notify-only': 'warn',
  suppressed: 'warn',
  forged: 'bad',
  released: 'warn',
};

export const signs: Readonly<Record<Tone, string>> = { good: '✔', warn: '!', bad: '✘' };

/** Failed calls are counted by the query, because a flood of them would hide the others. */
export const countedSentence = (failed: number): string =>
  `${grouped(failed)} failed calls were counted, not read: ` +
  'one line for each caller, call, error and address.';

/** The bands of severity that AWS documents. */
export const severityBand = (severity: number): 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW' =>
  severity >= 9 ? 'CRITICAL' : severity >= 7 ? 'HIGH' : severity >= 4 ? 'MEDIUM' : 'LOW';

/** `HIGH`; nothing real or nothing big is behind what was only recorded. */
export const severityWord = ({ state, finding: { severity, type } }: GradedIncident): string => {
  if (state === 'suppressed') return 'RECORDED ONLY';
  if (state === 'forged') return 'FORGED';
  return type === 'unreadable' && severity === 0 ? 'SEVERITY UNKNOWN' : severityBand(severity);
};

/** `severity 8, HIGH` */
export const severityText = (head: GradedIncident): string => {
  const word = severityWord(head);
  return word === 'SEVERITY UNKNOWN'
    ? 'severity unknown'
    : `severity ${head.finding.severity}, ${word}`;
};

interface GradedIncident {
  readonly state: IncidentState;
  readonly finding: Pick<Head['finding'], 'severity' | 'type'>;
}

/** What an incident is about, as far as a person must know it to find it. */
interface Subject {
  readonly suspect: Suspect | FunctionRecord | null;
  readonly finding: Pick<Head['finding'], 'account' | 'region'>;
  readonly attacker?: NamedAttacker | undefined;
}

/** What the finding names was not looked up in the account, and is told apart from what was. */
const subjectName = ({ suspect, attacker }: Subject): string => {
  if (suspect) return suspectParts(suspect).join(', ');
  const named = namedPrincipal(attacker);
  return named ? `${named} (named by the finding, not confirmed)` : 'workload not confirmed';
};

export const workload = (subject: Subject): string => {
  const { account, region } = subject.finding;
  const name = subjectName(subject);
  return `${name}, in ${printable(account, 20)}/${printable(region, 30)}`;
};

export const sharingSentences: Readonly<Record<Sharing, string>> = {
  sole: 'Nobody else uses the role.',
  shared: 'Others use the role too; they keep working.',
  unknown: 'Whether others use the role is not proven yet.',
};

export const outcomeWords: Readonly<Record<Action['outcome'], string>> = {
  contained: 'holds',
  applied: 'accepted, not seen to hold yet',
  'not-contained': 'FAILED',
  planned: 'would be done (observe mode)',
  released: 'taken back',
  'not-released': 'COULD NOT BE TAKEN BACK',
  kept: 'kept: another incident needs it',
};

export const outcomeTones: Readonly<Record<Action['outcome'], Tone>> = {
  contained: 'good',
  applied: 'warn',
  'not-contained': 'bad',
  planned: 'warn',
  released: 'warn',
  'not-released': 'bad',
  kept: 'warn',
};

const isFailure = ({ outcome }: Pick<Action, 'outcome'>): boolean =>
  outcome === 'not-contained' || outcome === 'not-released';

/**
 * The outcomes in words, what failed first, then in the catalogue's order:
 * `Stop new invocations of the function (orders): holds`.
 */
export const actionLines = (
  actions: readonly Action[],
  catalog: readonly Responder[],
  show: Show,
): string[] =>
  catalog
    .flatMap(({ id, title }) =>
      actions.filter(({ responder }) => responder === id).map((action) => ({ title, ...action })),
    )
    .toSorted((left, right) => Number(isFailure(right)) - Number(isFailure(left)))
    .map(({ title, target, outcome, reason }) => {
      const why = reason ? ` (${show(reason)})` : '';
      return `${title} (${show(target)}): ${outcomeWords[outcome]}${why}`;
    });

/** True where the change may still be in force, so that a release has something to take back. */
export const mayHold = ({ outcome }: Pick<Action, 'outcome'>): boolean =>
  outcome === 'contained' || outcome === 'applied' || outcome === 'not-released';

/** Of a function that was deleted, or is in a region that is not configured. */
export const goneSentence =
  'No region of this deployment has the function: only its role is contained.';

/** Of functions that an intruder may have given the role. */
export const addedSentence = (names: string): string =>
  `Given the role since the activity began, so contained as well: ${names}.`;

const pauses = 'contain.pause-function';

/** Who notices the containment: the function answers no calls; empty where nothing is held. */
export const breaksText = (
  suspect: Suspect | FunctionRecord | null,
  actions: readonly Pick<Action, 'responder' | 'outcome'>[],
): string =>
  suspect &&
  'functionName' in suspect &&
  actions.some(({ responder, outcome }) => responder === pauses && outcome === 'contained')
    ? [
        `${suspect.functionName} answers no calls until it is released.`,
        sharingSentences[suspect.sharing],
        ...copySentences(suspect),
      ].join(' ')
    : '';

/** Which Cordon a command that a text names is about. */
export interface CommandScope extends ConsoleScope {
  /** On AWS; otherwise the local run. */
  readonly aws?: boolean;
}

const scopeOption = ({ aws = false }: CommandScope): string => (aws ? ' --aws' : '');

export const approveCommand = (id: string, scope: CommandScope = {}): string =>
  `cordon decide ${id}${scopeOption(scope)} --contain --reason "…"`;
export const leaveCommand = (id: string, scope: CommandScope = {}): string =>
  `cordon decide ${id}${scopeOption(scope)} --leave --reason "…"`;
export const releaseCommand = (id: string, scope: CommandScope = {}): string =>
  `cordon release ${id}${scopeOption(scope)} --reason "…"`;
export const showCommand = (id: string, scope: CommandScope = {}): string =>
  `cordon show ${id}${scopeOption(scope)}`;
export const reportCommand = (id: string, scope: CommandScope = {}): string =>
  `cordon report ${id}${scopeOption(scope)}`;
/** Of a session or a user; empty for what the command does not take, such as the id of a key. */
export const containCommand = (arn: string, scope: CommandScope = {}): string =>
  isPrincipalArn(arn) ? `cordon contain ${quoted(arn)}${scopeOption(scope)} --reason "…"` : '';
export const pullCommand = (id: string, scope: CommandScope = {}): string =>
  `cordon evidence pull ${id}${scopeOption(scope)} --to evidence --purpose "…"`;

/** Nothing was changed, so a person stops a key that an attacker has. */
const keyAdvice = ({ user, keyEnd }: Pick<NamedAttacker, 'user' | 'keyEnd'>): string => {
  if (!user || !keyEnd) return '';
  const name = quoted(user);
  return (
    `. If it is, set the access key ending ${keyEnd} of user ${user} inactive: find its id with ` +
    `aws iam list-access-keys --user-name ${name}, then run aws iam update-access-key ` +
    `--user-name ${name} --status Inactive --access-key-id …`
  );
};

/** What the next step depends on. */
type Stepping = Pick<Head, 'id' | 'state' | 'drill' | 'answers' | 'timeLimit'> &
  Pick<Subject, 'attacker'> & {
    readonly finding: Pick<Head['finding'], 'type'>;
  };

/** Where a next step is read: a report needs no command that shows it. */
type ReadIn = 'mail' | 'report' | 'terminal';

/** Nothing was changed, and it may be an attack all the same. */
const judging = ({ id, finding, attacker }: Stepping, scope: CommandScope, at: ReadIn): string =>
  finding.type === 'unreadable'
    ? 'Look for this finding in GuardDuty. If it is not there, the event may be forged: ' +
      'find out in CloudTrail who sent it'
    : `Decide whether it is an attack${at === 'report' ? '' : `: ${reportCommand(id, scope)}`}` +
      keyAdvice(attacker ?? {});

/** A real finding looks forged where GuardDuty does not answer with it: its rule started it. */
const accusing =
  'Find in CloudTrail who started the execution (StartExecution), and treat this caller as the ' +
  'next incident. If EventBridge started it, look for the finding in GuardDuty: it may be real';

/** Cordon has contained it, and a person decides until when. */
const holding = ({ id, drill }: Stepping, scope: CommandScope): string =>
  drill
    ? `Nothing: the drill releases it. If the drill was interrupted: ${releaseCommand(id, scope)}`
    : `Look at what was reached: ${reportCommand(id, scope)}. ` +
      `When it is clean: ${releaseCommand(id, scope)}`;

/** The most important step that a person has to take next. */
export const nextStep = (
  head: Stepping,
  actions: readonly Pick<Action, 'outcome'>[],
  scope: CommandScope = {},
  at: ReadIn = 'terminal',
): string => {
  const { id, state, timeLimit } = head;
  const [show, report] = [showCommand(id, scope), reportCommand(id, scope)];
  if (state === 'awaiting-approval') {
    const until = timeLimit ? ` by ${deadlineText(timeLimit)}` : '';
    return `Decide${until}: ${approveCommand(id, scope)} (or --leave)`;
  }
  if (state === 'unanswered')
    return `Decide now, nobody has: ${approveCommand(id, scope)} (or --leave)`;
  if (leaveOf(head)) return `Nothing, or contain it after all: ${approveCommand(id, scope)}`;
  if (state === 'contained') return holding(head, scope);
  if (state === 'suppressed') return 'Nothing to do';
  if (state === 'forged') return accusing;
  if (state === 'released')
    return head.drill ? 'Nothing to do' : `Nothing, unless it comes back: ${show}`;
  if (state === 'open') return `Wait a moment, then look: ${show}`;
  if (state === 'contested')
    return (
      `Find out who removed it (timeline ${at === 'report' ? 'below' : `in ${report}`}), ` +
      'and stop them'
    );
  if (isPartlyReleased(state, actions))
    return `Mend what kept it from being taken back, then again: ${releaseCommand(id, scope)}`;
  if (actions.length === 0) return judging(head, scope, at);
  const commands = at === 'terminal' ? `how: ${report}` : 'commands below';
  return `Contain by hand what failed (${commands}), then: ${show}`;
};

/** How a person contains what Cordon could not, a command for each failed change. */
export const byHandLines = (
  actions: readonly Action[],
  catalog: readonly Responder[],
  show: Show,
): string[] =>
  catalog.flatMap((responder) =>
    actions
      .filter(({ responder: id, outcome }) => id === responder.id && outcome === 'not-contained')
      .map(({ target }) => show(responder.byHand(target), 600)),
  );
