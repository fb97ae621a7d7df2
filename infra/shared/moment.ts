import * as z from 'zod';

const days = /^(\d{4})-(\d{2})-(\d{2})$/;
const times = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/;

const minute = 60_000;

/** How far a zone is ahead of UTC at a moment, in milliseconds. */
const offsetAt = (ms: number, timeZone: string): number => {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'longOffset' });
  const name = parts.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d{2}):(\d{2})/.exec(name) ?? [];
  return (Number(hours) * 60 + Number(minutes)) * minute * (sign === '-' ? -1 : 1);
};

/** The first moment after a day in a zone. */
const endOfDay = (day: string, zone: string): number => {
  const midnight = Date.parse(`${day}T00:00:00Z`) + 24 * 60 * minute;
  const guess = midnight - offsetAt(midnight, zone);
  // The clock may be changed between midnight in UTC and midnight in the zone.
  return midnight - offsetAt(guess, zone);
};

const exists = (text: string): boolean => {
  const ms = Date.parse(text);
  // Date.parse reads the 30th of February as a day of March.
  return !Number.isNaN(ms) && (!days.test(text) || new Date(ms).toISOString().startsWith(text));
};

const wanted = 'a day such as 2026-12-31, or a time with its zone such as 2026-12-31T18:00+01:00';

/** A day, or a time with its zone: when something ends. */
export const end = z
  .string(wanted)
  .refine((text) => (days.test(text) || times.test(text)) && exists(text), wanted);

/** The first moment at which it is over: a day ends where the zone of the configuration has it. */
export const endOf = (text: string, zone: string): number =>
  days.test(text) ? endOfDay(text, zone) : Date.parse(text);
