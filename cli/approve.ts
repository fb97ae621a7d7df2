import type { Command } from 'commander';
import { answerSelected, type SelectionOptions, selecting } from './decide.ts';
import { placed } from './placed.ts';
import { wantedReason } from './reason.ts';
import { type CommandDeps, finish } from './verb.ts';

interface ApproveOptions extends SelectionOptions {
  readonly reason: string;
  readonly deny?: boolean;
}

/** `cordon approve`: the older words for `cordon decide`. */
export const approve = (command: Command, deps: CommandDeps): void => {
  selecting(
    placed(command, [
      'cordon approve inc-20261121-7f3k2m8q --reason "confirmed with the owner"',
      'cordon approve inc-20261121-7f3k2m8q --deny --reason "load test of the shop team"',
    ]),
  )
    .requiredOption('--reason <text>', 'why; it is kept with your name')
    .option('--deny', 'do not contain it')
    .action((incidents: readonly string[], options: ApproveOptions) =>
      finish(deps, options, async (out) => {
        const { deny = false } = options;
        const answer = { contain: !deny, reason: wantedReason(options.reason) };
        return answerSelected(deps, out, { incidents, options, answer });
      }),
    );
};
