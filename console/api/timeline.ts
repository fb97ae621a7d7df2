import * as z from 'zod';
import { cursorOf, positionIn } from '../../protected-app/shared/cursor.ts';
import { HttpProblem, read } from '../../protected-app/shared/problem.ts';
import { bucketFor } from '../../responders/evidence/buckets.ts';
import { timelineStage } from '../../responders/incident/stage.ts';
import { isRecord, jsonIn, listAt, textAt } from '../../responders/shared/json.ts';
import { maskAll } from '../../responders/shared/redact.ts';
import { timelineQuery } from '../schemas/requests.ts';
import { type ConsoleRequest, requireGroup } from './caller.ts';
import { caseIn } from './one-case.ts';
import { everybody, type ReadDeps } from './read-deps.ts';
import { type StoredDeps, storedText } from './stored-text.ts';
import { timelineRows } from './timeline-rows.ts';

/**
 * A later pass has other events, and a new decision moves the rows behind it, so that a cursor from
 * before leads nowhere.
 */
const positionOf = (key: string, decisions: number) =>
  z.tuple([z.literal(key), z.literal(decisions), z.int().min(0).max(1_000_000)]);

/** `GET /incidents/{id}/timeline`: a page of the latest timeline, in the order of time. */
export const timeline = (deps: ReadDeps & StoredDeps) => async (request: ConsoleRequest) => {
  requireGroup(request, everybody);
  const { limit, cursor, lane } = read(timelineQuery, request.query, 'query');
  const known = await caseIn(request, deps.table);
  const stage = timelineStage(known.stages, 2) ?? timelineStage(known.stages, 1);
  const key = stage?.json ?? null;
  const text = key === null ? undefined : await storedText(deps, known, key);
  if (key === null || text === undefined)
    throw new HttpProblem(404, `${known.head.id} has no timeline yet, or it is kept no longer.`);
  const stored = jsonIn(text);
  const { rows, decisions } = timelineRows(listAt(stored, 'all').filter(isRecord), known);
  const events = rows.filter((row) => lane === undefined || row.lane === lane);
  const [, , start] =
    cursor === undefined ? [key, decisions, 0] : positionIn(positionOf(key, decisions), cursor);
  const items = events.slice(start, start + limit).map((event) => maskAll(event, deps.mask));
  const end = start + items.length;
  return {
    status: 200,
    body: {
      pass: stage?.pass ?? null,
      provisional: stage?.provisional ?? true,
      horizon: stage?.horizon ?? null,
      until: textAt(stored, 'window.to'),
      bucket: bucketFor(known.head, deps.buckets),
      key,
      events: events.length,
      items,
      cursor: end < events.length ? cursorOf([key, decisions, end]) : null,
    },
  };
};
