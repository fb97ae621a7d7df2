import type { Command } from 'commander';
import type { PersonAnswer } from '../operator/answer.ts';
import { allIds, caseOf, caseTable } from '../operator/cases.ts';
import { CordonError } from '../operator/errors.ts';
import type { Place } from '../operator/place.ts';
import { callerArn } from '../operator/prove.ts';
import type { Head } from '../responders/incident/case.ts';
import { openQuestionStates } from '../responders/incident/question.ts';
import type { Table } from '../responders/incident/table.ts';
import { countedYeses } from '../responders/incident/yeses.ts';
import { tones } from '../responders/report/words.ts';
import { isLike } from '../responders/shared/patterns.ts';
import { answeredText, answerIncident } from './answer.ts';
import type { ExitCode, Output } from './output.ts';
import { type PlacedOptions, placed, placeOf } from './placed.ts';
import { wantedReason } from './reason.ts';
import type { DecideDocument } from './schemas/decide.ts';
import { type CommandDeps, finish } from './verb.ts';

/** Which incidents are answered, unless they are named. */
export interface SelectionOptions extends PlacedOptions {
  readonly all?: boolean;
  readonly type?: string;
}

interface DecideOptions extends SelectionOptions {
  readonly contain?: boolean;
  readonly leave?: boolean;
  readonly reason: string;
}

/** Adds what says which incidents a command answers. */
export const selecting = (command: Command): Command =>
  command
    .argument('[incident...]', 'ids, or the beginnings of them')
    .option('--all', 'all that wait for an answer, instead of ids')
    .option('--type <pattern>', 'with --all: only findings of this type; * is any text');

/** `cordon decide`: answers incidents that wait for a person. */
export const decide = (command: Command, deps: CommandDeps): void => {
  selecting(
    placed(command, [
      'cordon decide 7f3k --contain --reason "confirmed with the owner"',
      'cordon decide inc-20261121-7f3k2m8q --leave --reason "load test of the shop team"',
    ]),
  )
    .option('--contain', 'contain what the incident is about, also after it was left alone')
    .option('--leave', 'change nothing')
    .option(
      '--reason <text>',
      'why; kept with your name in case, mails and report',
      'no reason given',
    )
    .action((incidents: readonly string[], options: DecideOptions) =>
      finish(deps, options, async (out) => {
        const answer = { contain: containOf(options), reason: wantedReason(options.reason) };
        return answerSelected(deps, out, { incidents, options, answer });
      }),
    );
};

const containOf = ({ contain = false, leave = false }: DecideOptions): boolean => {
  if (contain !== leave) return contain;
  throw new CordonError('say what to do: either --contain or --leave', { code: 2 });
};

/** Of these, the ones that wait for another person, because this one has approved already. */
export const approvedBefore = async (
  place: Place,
  heads: readonly Head[],
): Promise<readonly Head[]> => {
  if (heads.every((head) => countedYeses(head).length === 0)) return [];
  const by = await callerArn(place);
  return heads.filter((head) => countedYeses(head).some((yes) => yes.by === by));
};

/** The incidents that a person still has to decide, of the types of a pattern, oldest first. */
export const waitingHeads = async (table: Table, pattern = '*'): Promise<readonly Head[]> => {
  const states = await Promise.all(openQuestionStates.map((state) => allIds(table, state)));
  const cases = await Promise.all(states.flat().map((id) => caseOf(table, id)));
  return cases
    .map(({ head }) => head)
    .filter(({ finding }) => isLike(pattern, finding.type))
    .sort((left, right) => left.openedAt.localeCompare(right.openedAt));
};

/** Those of them that this person still has to decide. */
const waitingIds = async (
  out: Output,
  place: Place,
  { type, contain }: { readonly type?: string | undefined; readonly contain: boolean },
): Promise<readonly string[]> => {
  const heads = await waitingHeads(await caseTable(place, 'approve'), type);
  const own = contain ? await approvedBefore(place, heads) : [];
  for (const { id } of own)
    out.note(`${id}: you have approved it already; another person must approve it too`);
  if (heads.length === 0)
    out.line(`no incident${type === undefined ? '' : ` of type ${type}`} waits for an answer`);
  return heads.filter((head) => !own.includes(head)).map(({ id }) => id);
};

/** Either ids or `--all`; a typing mistake must not decide more than was meant. */
const checkSelection = (
  given: readonly string[],
  { all: everyWaiting = false, type }: SelectionOptions,
): void => {
  if (everyWaiting === given.length > 0 || (type !== undefined && !everyWaiting))
    throw new CordonError('name incidents, or say --all (with --type if you like)', { code: 2 });
};

type AnsweredQuestion = DecideDocument['decisions'][number];
type UnansweredQuestion = DecideDocument['failed'][number];

/** Answers for one incident, and tells what that led to. */
const answerOne = async (
  out: Output,
  place: Place,
  incident: string,
  answer: PersonAnswer,
): Promise<AnsweredQuestion> => {
  const answered = await answerIncident(out, place, incident, answer);
  const { incidentId, by, state, late, secondNeeded } = answered;
  out.line(answeredText(answered), tones[state]);
  const { contain, reason } = answer;
  return { incidentId, contain, by, reason, state, late, secondNeeded };
};

/**
 * Answers for each of several incidents. One that cannot be answered keeps none of the others from
 * being answered, and what was answered before it is told.
 */
export const answerEach = async (
  out: Output,
  incidents: readonly string[],
  answerFor: (incident: string) => Promise<AnsweredQuestion>,
): Promise<DecideDocument> => {
  const decisions: AnsweredQuestion[] = [];
  const failed: UnansweredQuestion[] = [];
  for (const incident of incidents)
    try {
      decisions.push(await answerFor(incident));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      out.line(`NOT ANSWERED: ${incident}\n  ${error.message}`, 'bad');
      failed.push({ incident, error: error.message });
    }
  return { decisions, failed };
};

/** What a person has typed. */
interface TypedAnswer {
  readonly incidents: readonly string[];
  readonly options: SelectionOptions;
  readonly answer: PersonAnswer;
}

/** Answers for the incidents that are named, or for all that wait. */
export const answerSelected = async (
  deps: CommandDeps,
  out: Output,
  { incidents, options, answer }: TypedAnswer,
): Promise<ExitCode> => {
  checkSelection(incidents, options);
  const place = await placeOf(deps, options);
  const { type } = options;
  const named = [...new Set(incidents)];
  const selected = options.all
    ? await waitingIds(out, place, { type, contain: answer.contain })
    : named;
  // What is wrong about the only one that was named is the failure of the command.
  const [only] = named;
  const answerFor = (incident: string) => answerOne(out, place, incident, answer);
  const answered =
    only !== undefined && named.length === 1
      ? { decisions: [await answerFor(only)], failed: [] }
      : await answerEach(out, selected, answerFor);
  out.document<DecideDocument>(answered);
  const { decisions, failed } = answered;
  if (failed.length > 0) return 1;
  return !answer.contain || decisions.every(({ state }) => state === 'contained') ? 0 : 3;
};
