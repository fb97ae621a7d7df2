import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localAddress } from '../local/app/address.ts';
import type { Connection } from '../local/engine/connect.ts';
import type { EngineFacts } from '../local/engine/engine-facts.ts';
import { linesWithCodes } from '../responders/shared/printable.ts';
import { table } from './output.ts';

/** Everything about a run. The first line is printed, the rest would fill several screens. */
export const factLines = (
  { endpoint, account, region, runDir, outputs }: Connection,
  { corrections, notEmulated, notProven }: EngineFacts,
): readonly string[] => [
  `Cordon is up at ${endpoint} (account ${account}, ${region}); log: ${runDir}/engine.log`,
  ...Object.entries(outputs).flatMap(([stack, values]) => [
    '',
    stack,
    table(Object.entries(values).map(([name, text]) => [name, localAddress(text, endpoint)])),
  ]),
  '',
  `Corrections of the engine: ${corrections.join(', ') || 'none'}`,
  `Created, not emulated: ${notEmulated.join(', ') || 'none'}`,
  'Not proven by a local run:',
  ...notProven.map((sentence) => `  - ${sentence}`),
];

/** Writes the facts beside the folder of the run, because that folder ends with the run. */
export const writeFacts = (root: string, port: number, lines: readonly string[]): string => {
  const file = join(root, `.cordon/up-${port}.txt`);
  mkdirSync(join(root, '.cordon'), { recursive: true });
  writeFileSync(file, `${linesWithCodes(lines.join('\n'))}\n`);
  return file;
};

interface Closing {
  readonly file: string;
  readonly exit: boolean;
  readonly incidentId: string | undefined;
}

/** The last lines of a start: where to look, and how to stop. */
export const closingLines = ({ file, exit, incidentId }: Closing): readonly string[] => [
  `Outputs, checks, clocks and limits of this run: ${file}`,
  ...(exit
    ? ['Stopping now, as --exit asked. Start again and look around: cordon up']
    : [
        `Look: cordon ${incidentId ? `show ${incidentId}` : 'incidents'}`,
        'Mails: cordon mail. All commands: cordon --help',
      ]),
];
