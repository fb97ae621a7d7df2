import type { Command } from 'commander';
import { type PlacedOptions, placed } from '../placed.ts';
import { type CommandDeps, type CommonOptions, finish, subcommand, verb } from '../verb.ts';

/** `cordon policy explain|test`: what the policy decides, and by which rules. */
export const policy = (group: Command, deps: CommandDeps): void => {
  group
    .description('Explains what the policy decides about a finding, and tests it with cases.')
    .addHelpText(
      'after',
      '\nExamples:\n  cordon policy explain finding.json\n  cordon policy test docs/policy-cases',
    );
  placed(subcommand(group, 'explain', 'print a decision, and each rule that was asked for it'), [
    'cordon policy explain finding.json',
    'cordon policy explain inc-20261121-7f3k2m8q --json',
  ])
    .argument('<subject>', 'the file of a finding, - for standard input, or the id of an incident')
    .action((subject: string, options: PlacedOptions) =>
      finish(deps, options, async (out) => {
        const { explainSubject } = await import('./explain.ts');
        return explainSubject(deps, out, subject, options);
      }),
    );
  verb(subcommand(group, 'test', 'run cases: a finding and facts, and the decision wanted'), [
    'cordon policy test',
    'cordon policy test our-cases --json',
  ])
    .argument('[dir]', 'the folder of the cases (default: those that come with Cordon)')
    .action((dir: string | undefined, options: CommonOptions) =>
      finish(deps, options, async (out) => {
        const { testPolicy } = await import('./test.ts');
        return testPolicy(deps, out, dir);
      }),
    );
};
