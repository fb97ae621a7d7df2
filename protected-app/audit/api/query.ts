import { createHash } from 'node:crypto';
import * as z from 'zod';
import { cursorOf, positionIn } from '../../shared/cursor.ts';
import { HttpProblem } from '../../shared/problem.ts';
import { auditSystems } from '../schemas/event.ts';
import { dayOf } from '../tables.ts';
import type { AuditReader } from './reader.ts';

const dayMs = 86_400_000;
/** A search goes through one day after the other. */
const mostDays = 31;

const wholeName = z
  .string()
  .regex(/^[0-9A-Za-z._:@/+=-]{1,256}$/, 'a whole name, without spaces, quotes or wildcards');
const wantedTime = 'a time in UTC, as 2026-12-01T10:00:00Z';
const moment = z.iso
  .datetime({ error: wantedTime })
  .refine((text) => Date.parse(text) >= 0, wantedTime);

/** What `GET /events` takes. Each filter is one whole name: nothing in it is a pattern. */
export const searchParameters = z.strictObject({
  system: z.enum(auditSystems).optional(),
  producer: wholeName.optional().describe('The function that wrote the event.'),
  action: wholeName.optional(),
  actor: wholeName.optional().describe('The id as events have it: of a person, the token.'),
  from: moment.optional().describe('The earliest time; a day before `to` without it.'),
  to: moment.optional().describe('The time before which events are; now without it.'),
  limit: z
    .string()
    .regex(/^([1-9]\d?|100)$/, 'a number from 1 to 100')
    .optional(),
  cursor: z.string().max(1_000).optional(),
});

/** Where a page has ended: in a day, and behind an event where one was reached. */
const ms = z.int().min(0).max(8_640_000_000_000_000);
const searchPosition = z.strictObject({
  day: z.iso.date(),
  after: z.strictObject({ id: z.string().min(1).max(128), at: ms }).optional(),
  from: ms,
  to: ms,
  of: z.string(),
});

export type SearchPlace = Pick<z.infer<typeof searchPosition>, 'day' | 'after'>;

export interface AuditSearch {
  readonly filters: Pick<
    z.infer<typeof searchParameters>,
    'system' | 'producer' | 'action' | 'actor'
  >;
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly begin: SearchPlace;
  /** The cursor of the page that begins at a place. */
  readonly cursorAt: (place: SearchPlace) => string;
}

/** Reads parameters by a schema; what is wrong with each of them is in the problem. */
export const parametersOf = <Schema extends z.ZodType>(
  schema: Schema,
  query: unknown,
): z.output<Schema> => {
  const { success, data, error } = schema.safeParse(query);
  if (success) return data;
  const fields = error.issues.slice(0, 10).map((issue) => ({
    pointer: issue.path.join('.').slice(0, 60),
    detail: issue.code === 'unrecognized_keys' ? 'no such parameter' : issue.message,
  }));
  throw new HttpProblem(400, 'A parameter cannot be used as it was sent.', { fields });
};

const timesOf = (
  { from, to }: Pick<z.infer<typeof searchParameters>, 'from' | 'to'>,
  now: number,
): { readonly from: number; readonly to: number } => {
  const end = to === undefined ? now : Date.parse(to);
  const begin = from === undefined ? Math.max(0, end - dayMs) : Date.parse(from);
  if (begin >= end || end - begin > mostDays * dayMs)
    throw new HttpProblem(400, `\`from\` must be before \`to\`, by at most ${mostDays} days.`, {
      fields: [{ pointer: 'from', detail: `a time at most ${mostDays} days before \`to\`` }],
    });
  return { from: begin, to: end };
};

const foreignCursor = (): HttpProblem =>
  new HttpProblem(400, 'The cursor is of another search, or of another caller.', {
    fields: [{ pointer: 'cursor', detail: 'the cursor of the previous page of this search' }],
  });

/** Whether a cursor is at a place that its search goes through: DynamoDB begins at no other. */
const isInside = ({ from, to, day, after }: z.infer<typeof searchPosition>): boolean => {
  const at = after?.at ?? Math.max(from, Date.parse(day));
  return to - from <= mostDays * dayMs && at >= from && at < to && dayOf(at) === day;
};

/**
 * The search that a caller asks for. A cursor belongs to one caller and one search. It is no
 * permission: whoever makes one up sees what they may see anyway, from another place on.
 */
export const searchOf = (
  query: unknown,
  { id, systems }: AuditReader,
  now: number,
): AuditSearch => {
  const { cursor, limit = '50', from, to, ...filters } = parametersOf(searchParameters, query);
  const text = JSON.stringify([id, [...systems].sort(), from, to, Object.entries(filters).sort()]);
  const of = createHash('sha256').update(text).digest('base64url');
  const place = cursor === undefined ? undefined : positionIn(searchPosition, cursor);
  if (place && place.of !== of) throw foreignCursor();
  if (place && !isInside(place)) throw foreignCursor();
  const times = place ?? timesOf({ from, to }, now);
  return {
    ...{ filters, from: times.from, to: times.to, limit: Number(limit) },
    begin: place ?? { day: dayOf(times.to - 1) },
    cursorAt: ({ day, after }) =>
      cursorOf({ day, ...(after && { after }), from: times.from, to: times.to, of }),
  };
};
