import { type Command, Option } from 'commander';
import { allIds, caseOf, caseTable } from '../operator/cases.ts';
import { maskOf } from '../operator/place.ts';
import type { Case } from '../responders/incident/case.ts';
import { type IncidentState, incidentStates } from '../responders/incident/incident.ts';
import type { Table } from '../responders/incident/table.ts';
import { printable } from '../responders/shared/printable.ts';
import type { ExitCode, Output } from './output.ts';
import { type PlacedOptions, placed, placeOf } from './placed.ts';
import type { IncidentsDocument } from './schemas/incidents.ts';
import { columns } from './terminal.ts';
import { action, type CommandDeps } from './verb.ts';

interface IncidentsOptions extends PlacedOptions {
  readonly state?: IncidentState;
}

/** `cordon incidents`: all of them, or those in one state, newest first. */
export const incidents = (command: Command, deps: CommandDeps): void => {
  placed(command, ['cordon incidents', 'cordon incidents --state awaiting-approval --json'])
    .addOption(new Option('--state <state>', 'only those in this state').choices(incidentStates))
    .action(action(deps, (out, options: IncidentsOptions) => run(deps, out, options)));
};

/** How many incidents are read at once, because there may be thousands. */
const atOnce = 16;

const casesOf = async (table: Table, ids: readonly string[]): Promise<readonly Case[]> => {
  const cases: Case[] = [];
  for (let from = 0; from < ids.length; from += atOnce)
    cases.push(
      ...(await Promise.all(ids.slice(from, from + atOnce).map((id) => caseOf(table, id)))),
    );
  return cases;
};

const run = async (
  deps: CommandDeps,
  out: Output,
  options: IncidentsOptions,
): Promise<ExitCode> => {
  const place = await placeOf(deps, options);
  const [table, mask] = [await caseTable(place), maskOf(place)];
  const cases = await casesOf(table, await allIds(table, options.state));
  const listed = cases.map(({ head: { id, state, drill, openedAt, finding, suspect } }) => ({
    id,
    state,
    drill,
    openedAt,
    finding: {
      type: mask(finding.type),
      severity: finding.severity,
      account: finding.account,
      region: finding.region,
    },
    function: suspect?.kind === 'function' ? suspect.functionName : null,
    role: suspect && 'roleName' in suspect ? suspect.roleName : null,
  }));
  const rows = listed.map((incident) => [
    incident.openedAt.slice(0, 16).replace('T', ' '),
    incident.id,
    `${incident.state}${incident.drill ? ' (drill)' : ''}`,
    String(incident.finding.severity),
    incident.function ?? '-',
    printable(incident.finding.type, 80),
  ]);
  if (rows.length === 0)
    out.line(options.state ? `no incident is ${options.state}` : 'no incidents');
  else
    out.line(
      columns(
        [['opened (UTC)', 'incident', 'state', 'severity', 'function', 'finding'], ...rows],
        out.columns,
      ),
    );
  out.document<IncidentsDocument>({ incidents: listed });
  return 0;
};
