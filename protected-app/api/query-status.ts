import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { aiQueryQuery, queryId } from '../schemas/ai.ts';
import { cursorOf, placeIn } from '../shared/cursor.ts';
import type { Handle } from '../shared/http.ts';
import { HttpProblem, read } from '../shared/problem.ts';
import { aiQueryOf, questionItem } from '../shared/question-item.ts';
import { getItem, type Table } from '../shared/table.ts';

interface Showing {
  readonly table: Table;
  readonly now: () => number;
}

/** `GET /ai/query/{id}`: whoever may not see a question is told that there is none. */
export const queryStatus =
  ({ table, now }: Showing): Handle =>
  async ({ caller, path }) => {
    const id = queryId.safeParse(path.id);
    const item = id.success ? await getItem(questionItem, table, { id: id.data }) : undefined;
    if (item === undefined || !(caller.administrator || item.owner === caller.sub))
      throw new HttpProblem(404, 'There is no such question.');
    const query = aiQueryOf(item, now());
    const open = query.state === 'queued' || query.state === 'running';
    return { status: 200, body: query, headers: open ? { 'Retry-After': '2' } : {} };
  };

/** `GET /ai/queries`: one's own questions, newest first. */
export const ownQueries =
  ({ table, now }: Showing): Handle =>
  async ({ caller, query }) => {
    const { limit, cursor } = read(aiQueryQuery, query, 'query');
    const key = z.strictObject({
      id: queryId,
      owner: z.literal(caller.sub),
      askedAt: z.iso.datetime(),
    });
    const { Items = [], LastEvaluatedKey } = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        IndexName: 'byOwner',
        KeyConditionExpression: '#owner = :owner',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: marshall({ ':owner': caller.sub }),
        ScanIndexForward: false,
        Limit: limit,
        ...(cursor !== undefined && { ExclusiveStartKey: marshall(placeIn(key, cursor)) }),
      }),
    );
    const items = Items.map((item) => aiQueryOf(questionItem.parse(unmarshall(item)), now()));
    return {
      status: 200,
      body: { items, cursor: LastEvaluatedKey ? cursorOf(unmarshall(LastEvaluatedKey)) : null },
    };
  };
