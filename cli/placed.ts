import type { Command } from 'commander';
import { engineHangs } from '../local/engine/engine-watch.ts';
import { readUp } from '../local/engine/run-dir.ts';
import { placeFrom } from '../local/place.ts';
import type { Place } from '../operator/place.ts';
import { type CommandDeps, type CommonOptions, portNumber, verb } from './verb.ts';

/** Options of every command that talks to a deployed Cordon. */
export interface PlacedOptions extends CommonOptions {
  readonly port?: number;
  readonly aws?: boolean;
}

/** A command that talks to the running `cordon up`, or to AWS. */
export const placed = (command: Command, examples: readonly [string, string]): Command =>
  verb(command, examples)
    .option('--port <number>', 'the run on this port, where several are up', portNumber)
    .option('--aws', 'use your AWS credentials, not the local run');

/** The deployment that a command works on. The command ends when a local engine hangs. */
export const placeOf = async (
  { root, failure }: CommandDeps,
  { port, aws }: PlacedOptions,
): Promise<Place> => {
  const place = await placeFrom({ root, port, aws });
  if (place.local && failure) {
    const { runDir } = place.local;
    const engine = { ...place.local, pid: readUp(runDir)?.engine };
    engineHangs(engine, { signal: failure.signal }).then(
      (error) => failure.abort(error),
      () => undefined, // the command has ended
    );
  }
  return place;
};
