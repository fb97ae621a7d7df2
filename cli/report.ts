import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { assertKept } from '../local/expired-drills.ts';
import { caseOf, caseTable, wholeIdOf } from '../operator/cases.ts';
import { CordonError } from '../operator/errors.ts';
import { expiredError } from '../operator/expired.ts';
import { bytesOf, evidenceOf } from '../operator/recorded-evidence.ts';
import { reportStage } from '../responders/incident/stage.ts';
import type { ExitCode, Output } from './output.ts';
import { type PlacedOptions, placed, placeOf } from './placed.ts';
import type { ReportDocument } from './schemas/report.ts';
import { type CommandDeps, finish } from './verb.ts';

interface ReportOptions extends PlacedOptions {
  readonly open?: boolean;
}

/** `cordon report`: the latest report of an incident, as text or in the browser. */
export const report = (command: Command, deps: CommandDeps): void => {
  placed(command, ['cordon report 7f3k', 'cordon report inc-20261121-7f3k2m8q --open'])
    .argument('<incident>', 'its id, or the beginning of it')
    .option('--open', 'write the page to a file and open it in the browser')
    .action((incident: string, options: ReportOptions) =>
      finish(deps, options, (out) => run(deps, out, incident, options)),
    );
};

/** The file is named in any case, because a machine without a desktop opens nothing. */
const openInBrowser = (file: string): void => {
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  spawn(program, [file], { detached: true, stdio: 'ignore' })
    .on('error', () => undefined)
    .unref();
};

const run = async (
  deps: CommandDeps,
  out: Output,
  given: string,
  options: ReportOptions,
): Promise<ExitCode> => {
  const place = await placeOf(deps, options);
  const table = await caseTable(place);
  const { head, stages } = await caseOf(table, await wholeIdOf(table, given));
  assertKept(place, head.id);
  const version = reportStage(stages, 2) ? 2 : 1;
  const stage = reportStage(stages, version);
  if (!stage)
    throw new CordonError(
      `${head.id} has no report yet: wait, then look at "cordon show ${head.id}"`,
    );
  const evidence = await evidenceOf(place, head);
  const read = async (key: string): Promise<string> =>
    new TextDecoder().decode(
      await bytesOf(key, evidence).catch((error: unknown) => {
        // On AWS a lifecycle removes what is old; no command is told.
        const isGone = error instanceof Error && error.name === 'NoSuchKey';
        throw isGone && head.drill ? expiredError(head.id, 'aws') : error;
      }),
    );
  const text = await read(stage.text);
  let file: string | null = null;
  if (options.open) {
    const folder = join(deps.root, '.cordon/reports');
    mkdirSync(folder, { recursive: true });
    file = join(folder, `${head.id}-v${version}.html`);
    writeFileSync(file, await read(stage.html));
    openInBrowser(file);
  }
  out.line(file === null ? text.trimEnd() : `The report is in ${file}`);
  out.document<ReportDocument>({ incidentId: head.id, version, text, file });
  return 0;
};
