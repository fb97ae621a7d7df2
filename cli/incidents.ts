import { type Command, Option } from 'commander';
import { allIds, caseOf, caseTable } from '../operator/cases.ts';
import { maskOf } from '../operator/place.ts';
import type { Case, Table } from '../responders/incident/case.ts';
import { type IncidentState, incidentStates } from '../responders/incident/incident.ts';
import { printable } from '../responders/shared/printable.ts';
import type { ExitCode, Output } from './output.ts';
import { columns, type PlacedOptions, placed, placeOf } from './placed.ts';
import type { IncidentsDocument } from './schemas/incidents.ts';
import { action, type Deps } from './verb.ts';

interface Options extends PlacedOptions {
  readonly state?: IncidentState;
}

/** `cordon incidents`: all of them, or those in one state, newest first. */
export const incidents = (program: Command, deps: Deps): void => {
  placed(program, 'incidents', 'list the incidents, newest first', [
    'cordon incidents',
    'cordon incidents --state awaiting-approval --json',
  ])
    .addOption(new Option('--state <state>', 'only those in this state').choices(incidentStates))
    .action(action(deps, (out, options: Options) => run(deps, out, options)));
};

/** How many are read at once: after a flood there are thousands. */
const atOnce = 16;

const casesOf = async (table: Table, ids: readonly string[]): Promise<readonly Case[]> => {
  const found: Case[] = [];
  for (let from = 0; from < ids.length; from += atOnce)
    found.push(
      ...(await Promise.all(ids.slice(from, from + atOnce).map((id) => caseOf(table, id)))),
    );
  return found;
};

const run = async (deps: Deps, out: Output, options: Options): Promise<ExitCode> => {
  const place = await placeOf(deps, options);
  const [table, mask] = [await caseTable(place), maskOf(place)];
  const found = await casesOf(table, await allIds(table, options.state));
  const listed = found.map(({ head: { id, state, drill, openedAt, finding, suspect } }) => ({
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
    function: suspect?.functionName ?? null,
    role: suspect?.roleName ?? null,
  }));
  const rows = listed.map((one) => [
    one.openedAt,
    one.id,
    `${one.state}${one.drill ? ' (drill)' : ''}`,
    String(one.finding.severity),
    one.function ?? '-',
    printable(one.finding.type, 80),
  ]);
  if (rows.length === 0)
    out.line(options.state ? `no incident is ${options.state}` : 'no incidents');
  else
    out.line(
      columns([['opened', 'incident', 'state', 'severity', 'function', 'finding'], ...rows]),
    );
  out.document<IncidentsDocument>({ incidents: listed });
  return 0;
};
