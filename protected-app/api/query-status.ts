import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { aiQueryQuery, queryId, queryPath } from '../schemas/ai.ts';
import { cursorOf, positionIn } from '../shared/cursor.ts';
import type { RouteHandler } from '../shared/http.ts';
import { HttpProblem, read } from '../shared/problem.ts';
import { aiQueryOf, questionItem } from '../shared/question-item.ts';
import { getItem, type TableHandle } from '../shared/table.ts';

interface QueryReadDeps {
  readonly table: TableHandle;
  readonly now: () => number;
}

const noQuestionDetail =
  'No question that you may read has this id. Questions are kept for 30 days.';

/**
 * `GET /ai/query/{id}`: a question of another user is a 404, so that its existence is not revealed.
 */
export const queryStatus =
  ({ table, now }: QueryReadDeps): RouteHandler =>
  async ({ caller, path }) => {
    const { id } = read(queryPath, path, 'path');
    const stored = await getItem(questionItem, table, { id });
    if (stored === undefined || !(caller.isAdministrator || stored.owner === caller.sub))
      throw new HttpProblem(404, noQuestionDetail);
    const query = aiQueryOf(stored, now());
    const isOpen = query.state === 'queued' || query.state === 'running';
    return { status: 200, body: query, headers: isOpen ? { 'Retry-After': '2' } : {} };
  };

/** `GET /ai/queries`: the caller's own questions, newest first. */
export const ownQueries =
  ({ table, now }: QueryReadDeps): RouteHandler =>
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
        ...(cursor !== undefined && { ExclusiveStartKey: marshall(positionIn(key, cursor)) }),
      }),
    );
    const items = Items.map((item) => aiQueryOf(questionItem.parse(unmarshall(item)), now()));
    return {
      status: 200,
      body: { items, cursor: LastEvaluatedKey ? cursorOf(unmarshall(LastEvaluatedKey)) : null },
    };
  };
