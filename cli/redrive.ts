import type { Command } from 'commander';
import { type DeadLetter, deadLetters, redrive as sendAgain } from '../operator/dead-letters.ts';
import type { Place } from '../operator/place.ts';
import { redriveNotice, webhookLetters } from '../operator/webhook-letters.ts';
import { printable } from '../responders/shared/printable.ts';
import type { ExitCode, Output } from './output.ts';
import { type PlacedOptions, placed, placeOf } from './placed.ts';
import type { RedriveDocument } from './schemas/redrive.ts';
import { type CommandDeps, finish } from './verb.ts';

interface RedriveOptions extends PlacedOptions {
  readonly yes?: boolean;
}

/**
 * `cordon redrive`: hands findings that no rule could deliver to the incident machine again, and
 * notices that the webhook did not take to the webhook.
 */
export const redrive = (command: Command, deps: CommandDeps): void => {
  placed(command, ['cordon redrive', 'cordon redrive --yes --aws --json'])
    .option('--yes', 'send them again; without it they are only listed')
    .action((options: RedriveOptions) => finish(deps, options, (out) => run(deps, out, options)));
};

const kindOf = ({ finding }: DeadLetter): RedriveDocument['events'][number]['kind'] =>
  finding === null ? 'other' : finding.drill ? 'drill' : 'finding';

const lineOf = (letter: DeadLetter, execution: string | null): string => {
  const about = `${printable(letter.detailType, 60)} ${printable(letter.eventId, 60)}`;
  const state =
    letter.finding === null
      ? `stays: only its rule can deliver to ${printable(letter.target, 160)}`
      : execution === null
        ? 'would be handed to the incident machine'
        : `is handled by ${execution}`;
  return `  ${about} ${state}\n    it was not delivered: ${printable(letter.error, 200)}`;
};

const redriveNotices = async (
  place: Place,
  out: Output,
  yes: boolean,
): Promise<RedriveDocument['notices']> => {
  const letters = await webhookLetters(place);
  for (const letter of letters) {
    if (yes) await redriveNotice(place, letter);
    const about = [letter.class || 'a notice that cannot be read', letter.incident ?? ''].join(' ');
    out.line(`  webhook: ${about.trim()} ${yes ? 'is handed' : 'would be handed'} to it again`);
  }
  return letters.map(({ id, incident, class: kind }) => ({ id, class: kind, incident, sent: yes }));
};

const run = async (
  deps: CommandDeps,
  out: Output,
  { yes = false, ...options }: RedriveOptions,
): Promise<ExitCode> => {
  const place = await placeOf(deps, options);
  const events: RedriveDocument['events'][number][] = [];
  for (const letter of await deadLetters(place)) {
    const execution = yes && letter.finding !== null ? await sendAgain(place, letter) : null;
    out.line(lineOf(letter, execution));
    const { eventId, detailType: type, target, error } = letter;
    events.push({ eventId, type, target, error, kind: kindOf(letter), execution });
  }
  const findings = events.filter(({ kind }) => kind !== 'other').length;
  const notices = await redriveNotices(place, out, yes);
  if (events.length === 0) out.line('no event waits: every rule has delivered what it heard');
  if (!yes && findings + notices.length > 0) out.line('\nNext: cordon redrive --yes');
  out.document<RedriveDocument>({ sent: yes, events, notices });
  return 0;
};
