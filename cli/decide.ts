import type { Command } from 'commander';
import { allIds, caseOf, caseTable } from '../operator/cases.ts';
import { CordonError } from '../operator/errors.ts';
import type { Place } from '../operator/place.ts';
import { callerArn } from '../operator/prove.ts';
import type { Head } from '../responders/incident/case.ts';
import { openQuestionStates } from '../responders/incident/question.ts';
import type { Table } from '../responders/incident/table.ts';
import { countedYeses } from '../responders/incident/yeses.ts';
import { tones } from '../responders/report/words.ts';
import { answeredText, answerIncident } from './answer.ts';
import type { ExitCode, Output } from './output.ts';
import { type PlacedOptions, placed, placeOf } from './placed.ts';
import { wantedReason } from './reason.ts';
import type { DecideDocument } from './schemas/decide.ts';
import { type CommandDeps, finish } from './verb.ts';

interface DecideOptions extends PlacedOptions {
  readonly contain?: boolean;
  readonly leave?: boolean;
  readonly all?: boolean;
  readonly type?: string;
  readonly reason: string;
}

/** `cordon decide`: answers incidents that wait for a person. */
export const decide = (command: Command, deps: CommandDeps): void => {
  placed(command, [
    'cordon decide 7f3k --contain --reason "confirmed with the owner"',
    'cordon decide inc-20261121-7f3k2m8q --leave --reason "load test of the shop team"',
  ])
    .argument('[incident...]', 'ids, or the beginnings of them')
    .option('--all', 'all that wait for an answer, instead of ids')
    .option('--type <type>', 'with --all: only findings of this type')
    .option('--contain', 'contain what the incident is about, also after it was left alone')
    .option('--leave', 'change nothing')
    .option(
      '--reason <text>',
      'why; kept with your name in case, mails and report',
      'no reason given',
    )
    .action((incidents: readonly string[], options: DecideOptions) =>
      finish(deps, options, (out) => run(deps, out, incidents, options)),
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

/** All incidents that a person still has to decide, of one type or of all, oldest first. */
export const waitingHeads = async (table: Table, type?: string): Promise<readonly Head[]> => {
  const states = await Promise.all(openQuestionStates.map((state) => allIds(table, state)));
  const cases = await Promise.all(states.flat().map((id) => caseOf(table, id)));
  return cases
    .map(({ head }) => head)
    .filter(({ finding }) => type === undefined || finding.type === type)
    .sort((left, right) => left.openedAt.localeCompare(right.openedAt));
};

/** Those of them that this person still has to decide. */
const waitingIds = async (
  out: Output,
  place: Place,
  { type, contain = false }: DecideOptions,
): Promise<readonly string[]> => {
  const heads = await waitingHeads(await caseTable(place, 'approve'), type);
  const own = contain ? await approvedBefore(place, heads) : [];
  for (const { id } of own)
    out.note(`${id}: you have approved it already; another person must approve it too`);
  return heads.filter((head) => !own.includes(head)).map(({ id }) => id);
};

/** Either ids or `--all`; a typing mistake must not decide more than was meant. */
const checkSelection = (
  given: readonly string[],
  { all: everyWaiting = false, type }: DecideOptions,
): void => {
  if (everyWaiting === given.length > 0 || (type !== undefined && !everyWaiting))
    throw new CordonError('name incidents, or say --all (with --type if you like)', { code: 2 });
};

const run = async (
  deps: CommandDeps,
  out: Output,
  incidents: readonly string[],
  options: DecideOptions,
): Promise<ExitCode> => {
  const contain = containOf(options);
  const reason = wantedReason(options.reason);
  checkSelection(incidents, options);
  const place = await placeOf(deps, options);
  const decisions: DecideDocument['decisions'][number][] = [];
  for (const incident of options.all ? await waitingIds(out, place, options) : incidents) {
    const answered = await answerIncident(out, place, incident, { contain, reason });
    const { incidentId, by, state, late, secondNeeded } = answered;
    out.line(answeredText(answered), tones[state]);
    decisions.push({ incidentId, contain, by, reason, state, late, secondNeeded });
  }
  out.document<DecideDocument>({ decisions });
  return !contain || decisions.every(({ state }) => state === 'contained') ? 0 : 3;
};
