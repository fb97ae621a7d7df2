import { holdersOf } from '../operator/cases.ts';
import { CordonError } from '../operator/errors.ts';
import type { Head } from '../responders/incident/case.ts';
import { readCase } from '../responders/incident/read-case.ts';
import type { Table } from '../responders/incident/table.ts';
import type { Targets } from './account-state.ts';

/** A function that an incident keeps contained, and the role that is contained with it. */
export interface HeldTarget {
  readonly incidentId: string;
  readonly drill: boolean;
  readonly functionName: string;
  readonly roleName: string | null;
}

const heldBy = (functionName: string, { id, drill, suspect }: Head): HeldTarget => ({
  incidentId: id,
  drill,
  functionName,
  roleName: suspect?.kind === 'function' ? suspect.roleName : null,
});

/** Which of these functions incidents keep contained now. */
export const heldTargets = async (
  table: Table,
  { functions }: Pick<Targets, 'functions'>,
): Promise<readonly HeldTarget[]> => {
  const lists = await Promise.all(
    functions.map(async (functionName) => {
      const ids = await holdersOf(table, functionName);
      const incidents = await Promise.all(ids.map((id) => readCase(table, id)));
      return incidents.map(({ head }) => heldBy(functionName, head));
    }),
  );
  return lists.flat();
};

const heldSentence = ({ incidentId, drill, functionName }: HeldTarget): string =>
  drill
    ? `${functionName} is still contained by ${incidentId}: ` +
      `run cordon release ${incidentId} --reason "left by a drill", then drill again`
    : `${functionName} is contained by ${incidentId}, which is no drill: ` +
      'drill again when that incident has been released';

/**
 * A function that another incident contains would pass the checks although this drill has contained
 * nothing, and a contained bystander would fail them. Throws before anything is attacked.
 */
export const assertFree = async (table: Table, functions: readonly string[]): Promise<void> => {
  const held = await heldTargets(table, { functions });
  if (held.length > 0)
    throw new CordonError(`the drill did not begin: ${held.map(heldSentence).join('; ')}`);
};

/** The targets as the facts of an account's state name them, and the incident that holds each. */
export const heldNames = (held: readonly HeldTarget[]): ReadonlyMap<string, string> => {
  const incidents = new Map<string, string>();
  for (const { incidentId, functionName, roleName } of held) {
    incidents.set(`function ${functionName}`, incidentId);
    if (roleName !== null) incidents.set(`role ${roleName}`, incidentId);
  }
  return incidents;
};
