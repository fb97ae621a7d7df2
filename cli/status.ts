import type { Command } from 'commander';
import { type PlacedOptions, placed, placeOf } from './placed.ts';
import { action, type CommandDeps } from './verb.ts';

/** `cordon status`: what runs, what is contained, and what waits for a person. */
export const status = (command: Command, deps: CommandDeps): void => {
  placed(command, ['cordon status', 'cordon status --aws --json']).action(
    action(deps, async (out, options: PlacedOptions) => {
      const place = await placeOf(deps, options);
      // Loaded only now: without a deployment, the AWS clients are not needed.
      const { printStatus } = await import('./status-text.ts');
      return printStatus(out, place);
    }),
  );
};
