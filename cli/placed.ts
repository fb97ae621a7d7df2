import type { Command } from 'commander';
import { placeFrom } from '../local/place.ts';
import type { Place } from '../operator/place.ts';
import { type CommandDeps, type CommonOptions, portNumber, verb } from './verb.ts';

/** Options of every command that talks to a deployed Cordon. */
export interface PlacedOptions extends CommonOptions {
  readonly port?: number;
  readonly aws?: boolean;
}

/** A command that talks to the running `cordon up`, or to AWS. */
export const placed = (
  program: Command,
  name: string,
  summary: string,
  examples: readonly [string, string],
): Command =>
  verb(program, name, summary, examples)
    .option('--port <number>', 'the run on this port, where several are up', portNumber)
    .option('--aws', 'the account that the AWS SDK finds, and not the local run');

export const placeOf = ({ root }: CommandDeps, { port, aws }: PlacedOptions): Promise<Place> =>
  placeFrom({ root, port, aws });

/** Rows of cells, aligned; the last column is not padded. */
export const columns = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_cell, index) =>
    Math.max(...rows.map((row) => row[index]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
        .join('  '),
    )
    .join('\n');
};
