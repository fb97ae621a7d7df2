import { DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Case } from '../responders/incident/case.ts';
import { incidentOfClaim } from '../responders/incident/case-table.ts';
import { type IncidentState, incidentStates } from '../responders/incident/incident.ts';
import { type Claim, isIncidentId } from '../responders/incident/incident-id.ts';
import { incidentOfKey, stateIndex, targetKey } from '../responders/incident/keys.ts';
import { readCase } from '../responders/incident/read-case.ts';
import { partition, type Table } from '../responders/incident/table.ts';
import { UnknownIncidentError } from '../responders/shared/errors.ts';
import { at } from '../responders/shared/json.ts';
import { printable } from '../responders/shared/printable.ts';
import { CordonError } from './errors.ts';
import { type CallerRole, type DecidingPlace, output } from './place.ts';
import { wholeId } from './whole-id.ts';

/** The case table, read in a role that may read it. */
export const caseTable = async (
  place: DecidingPlace,
  who: CallerRole = 'reader',
): Promise<Table> => ({
  dynamo: new DynamoDBClient(await place.config(who)),
  name: output(place, 'CordonResponse', 'CaseTableName'),
});

/** One incident. Throws a sentence for an id that is malformed or unknown. */
export const caseOf = async (table: Table, id: string): Promise<Case> => {
  if (!isIncidentId(id))
    throw new CordonError(
      `${printable(id, 60)} is not the id of an incident: ids look like inc-20261121-7f3k2m8q, ` +
        '"cordon incidents" lists them',
      { code: 2 },
    );
  try {
    return await readCase(table, id);
  } catch (error) {
    if (error instanceof UnknownIncidentError)
      throw new CordonError(`no incident ${id}: "cordon incidents" lists them`, { cause: error });
    throw error;
  }
};

/** The incident that handles this finding, once there is one. */
export const incidentOf = (table: Table, claim: Claim): Promise<string | undefined> =>
  incidentOfClaim(table, claim);

/**
 * Judged, and acted on where that was decided. Actions are written before the state and read before
 * it, too: both must be there.
 */
export const isSettled = ({ head: { state }, actions }: Case): boolean =>
  state !== 'open' && (state !== 'contained' || actions.length > 0);

/** What a list of incidents says of each. */
interface ListedOpening {
  readonly id: string;
  readonly openedAt: string;
  readonly drill: boolean;
}

/** The incidents in this state that were opened since, newest first. */
export const idsInState = async (
  { dynamo, name }: Table,
  state: IncidentState,
  since = '',
): Promise<ListedOpening[]> => {
  const openings: ListedOpening[] = [];
  const query = {
    TableName: name,
    IndexName: stateIndex,
    KeyConditionExpression: '#state = :state AND openedAt >= :since',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':state': { S: state }, ':since': { S: since || '0' } },
    ScanIndexForward: false,
  };
  for await (const { Items = [] } of paginateQuery({ client: dynamo }, query))
    for (const opening of Items.map((item) => unmarshall(item))) {
      const [id, openedAt] = [at(opening, 'id'), at(opening, 'openedAt')];
      if (typeof id === 'string' && typeof openedAt === 'string')
        openings.push({ id, openedAt, drill: at(opening, 'drill') === true });
    }
  return openings;
};

/** All incidents, or those in one state, newest first. */
export const openingsOf = async (table: Table, state?: IncidentState): Promise<ListedOpening[]> => {
  const openings = await Promise.all(
    (state ? [state] : incidentStates).map((listedState) => idsInState(table, listedState)),
  );
  const newestFirst = openings
    .flat()
    .sort((left, right) => right.openedAt.localeCompare(left.openedAt));
  // An incident may have changed its state between two questions.
  return [...new Map(newestFirst.map((opening) => [opening.id, opening])).values()];
};

/** Ids of all incidents, or of those in one state, newest first. */
export const allIds = async (table: Table, state?: IncidentState): Promise<string[]> =>
  (await openingsOf(table, state)).map(({ id }) => id);

/** The whole id for the beginning of one. */
export const wholeIdOf = (table: Table, given: string): Promise<string> =>
  wholeId(given, {
    ids: () => allIds(table),
    unknown: () =>
      new CordonError(`no incident begins with ${given}: "cordon incidents" lists them`),
  });

/** The incidents that keep this function paused. */
export const holdersOf = async (table: Table, functionName: string): Promise<string[]> => {
  const holds = await partition(
    table,
    targetKey({ responder: 'contain.pause-function', target: functionName }),
  );
  return holds.map(({ sk }) => incidentOfKey(String(sk)));
};
