import { paginateQuery } from '@aws-sdk/client-dynamodb';
import { textAt } from '../shared/json.ts';
import type { Head } from './case.ts';
import { stateIndex } from './keys.ts';
import { readCase } from './read-case.ts';
import type { Table } from './table.ts';

/** A mail has no room for more, and the function no time. */
const mostRead = 200;

/** The real incidents since a moment in which observe mode alone kept Cordon from acting. */
export const observedSince = async (table: Table, since: number): Promise<readonly Head[]> => {
  const query = {
    TableName: table.name,
    IndexName: stateIndex,
    KeyConditionExpression: '#state = :state AND openedAt >= :since',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: {
      // What is observed ends in this state: nothing was contained, and nobody was asked.
      ':state': { S: 'notify-only' },
      ':since': { S: new Date(since).toISOString() },
    },
    ScanIndexForward: false,
  };
  const ids: string[] = [];
  for await (const { Items = [] } of paginateQuery({ client: table.dynamo }, query)) {
    ids.push(...Items.flatMap((item) => textAt(item, 'id.S') ?? []));
    if (ids.length >= mostRead) break;
  }
  const heads: Head[] = [];
  for (const id of ids.slice(0, mostRead)) heads.push((await readCase(table, id)).head);
  return heads.filter(({ drill, decision }) => !drill && decision.observed === true);
};
