import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { dayOf } from './tables.ts';

/**
 * The fields of an item, whatever somebody has written into it. The library throws at a number that
 * it cannot give exactly, and one such item would stop every seal; canonical JSON refuses it later.
 */
export const fieldsOf = (item: Readonly<Record<string, AttributeValue>>) =>
  unmarshall(item, { wrapNumbers: Number });

const lastTime = 8_640_000_000_000_000;

const isDayOf = (timestamp: number, day: unknown): boolean =>
  Math.abs(timestamp) <= lastTime && day === dayOf(timestamp);

/**
 * The item of an event: the fields of the event without what the table has beside them. A day that
 * is not that of the event hides it from every search; it stays in, so that the event is no longer
 * the one that was kept. Items of an earlier release have no day.
 */
export const storedEvent = z
  .looseObject({ event_id: z.string(), timestamp: z.number() })
  .transform(({ event_id, timestamp, ...fields }) => {
    const { day, ...event } = fields;
    const isAsKept = day === undefined || isDayOf(timestamp, day);
    return { id: event_id, timestamp, event: isAsKept ? event : fields };
  });
