import * as z from 'zod';

/** The item of an event: the fields of the event without what the table has beside them. */
export const storedEvent = z
  .looseObject({ event_id: z.string(), timestamp: z.number(), day: z.string().optional() })
  .transform(({ event_id, timestamp, day: _day, ...event }) => ({
    id: event_id,
    timestamp,
    event,
  }));
