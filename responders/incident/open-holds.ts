import { paginateQuery } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { placeOf } from '../shared/function-place.ts';
import { at, listAt, textAt } from '../shared/json.ts';
import { heldStates, type IncidentState } from './incident.ts';
import { stateIndex } from './keys.ts';
import type { Table } from './table.ts';

/** An incident that Cordon keeps contained, or still has to contain. */
export interface OpenHold {
  readonly id: string;
  /** The names of all that are contained: copies in other regions have the name of the first. */
  readonly functions: readonly string[];
  readonly roles: readonly string[];
  readonly users: readonly string[];
}

const holdsInState = async ({ dynamo, name }: Table, state: IncidentState): Promise<OpenHold[]> => {
  const holds: OpenHold[] = [];
  const query = {
    TableName: name,
    IndexName: stateIndex,
    KeyConditionExpression: '#state = :state',
    ProjectionExpression: 'id, suspect, suspects',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':state': { S: state } },
  };
  for await (const { Items = [] } of paginateQuery({ client: dynamo }, query))
    for (const head of Items.map((item) => unmarshall(item))) {
      const id = textAt(head, 'id');
      const suspects: readonly unknown[] = [at(head, 'suspect'), ...listAt(head, 'suspects')];
      const named = (field: string) => suspects.flatMap((suspect) => textAt(suspect, field) ?? []);
      const added = suspects.flatMap((suspect) => listAt(suspect, 'added').map(String));
      if (id !== null)
        holds.push({
          id,
          functions: [
            ...named('functionName'),
            ...added.map((place) => placeOf(place).functionName),
          ],
          roles: named('roleName'),
          users: named('userName'),
        });
    }
  return holds;
};

/** Every open hold, by id. The index is a moment late; whoever looks at one reads it again. */
export const openHolds = async (table: Table): Promise<OpenHold[]> => {
  const lists = await Promise.all(heldStates.map((state) => holdsInState(table, state)));
  // An incident may have changed its state between two questions.
  const byId = new Map(lists.flat().map((hold) => [hold.id, hold]));
  return [...byId.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
};
