import type { Command } from 'commander';
import { tones } from '../responders/report/words.ts';
import { answeredText, answerIncident } from './answer.ts';
import type { ExitCode, Output } from './output.ts';
import { type PlacedOptions, placed, placeOf } from './placed.ts';
import { wantedReason } from './reason.ts';
import type { ApproveDocument } from './schemas/approve.ts';
import { type CommandDeps, finish } from './verb.ts';

interface ApproveOptions extends PlacedOptions {
  readonly reason: string;
  readonly deny?: boolean;
}

/** `cordon approve`: the older words for `cordon decide`. */
export const approve = (command: Command, deps: CommandDeps): void => {
  placed(command, [
    'cordon approve inc-20261121-7f3k2m8q --reason "confirmed with the owner"',
    'cordon approve inc-20261121-7f3k2m8q --deny --reason "load test of the shop team"',
  ])
    .argument('<incident>', 'its id, or the beginning of it')
    .requiredOption('--reason <text>', 'why; it is kept with your name')
    .option('--deny', 'do not contain it')
    .action((incident: string, options: ApproveOptions) =>
      finish(deps, options, (out) => run(deps, out, incident, options)),
    );
};

const run = async (
  deps: CommandDeps,
  out: Output,
  given: string,
  options: ApproveOptions,
): Promise<ExitCode> => {
  const { deny = false } = options;
  const reason = wantedReason(options.reason);
  const place = await placeOf(deps, options);
  const answered = await answerIncident(out, place, given, { contain: !deny, reason });
  const { incidentId, by, state, secondNeeded } = answered;
  out.line(answeredText(answered), tones[state]);
  out.document<ApproveDocument>({ incidentId, approved: !deny, by, reason, state, secondNeeded });
  return deny || state === 'contained' ? 0 : 3;
};
