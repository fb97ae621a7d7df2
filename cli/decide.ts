import type { Command } from 'commander';
import { CordonError } from '../operator/errors.ts';
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
  readonly reason: string;
}

/** `cordon decide`: answers incidents that wait for a person. */
export const decide = (command: Command, deps: CommandDeps): void => {
  placed(command, [
    'cordon decide 7f3k --contain --reason "confirmed with the owner"',
    'cordon decide inc-20261121-7f3k2m8q --leave --reason "load test of the shop team"',
  ])
    .argument('<incident...>', 'ids, or the beginnings of them')
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

const run = async (
  deps: CommandDeps,
  out: Output,
  incidents: readonly string[],
  options: DecideOptions,
): Promise<ExitCode> => {
  const contain = containOf(options);
  const reason = wantedReason(options.reason);
  const place = await placeOf(deps, options);
  const decisions: DecideDocument['decisions'][number][] = [];
  for (const incident of incidents) {
    const answered = await answerIncident(out, place, incident, { contain, reason });
    const { incidentId, by, state, late } = answered;
    out.line(answeredText(answered), tones[state]);
    decisions.push({ incidentId, contain, by, reason, state, late });
  }
  out.document<DecideDocument>({ decisions });
  return !contain || decisions.every(({ state }) => state === 'contained') ? 0 : 3;
};
