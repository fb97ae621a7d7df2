import { serverNow } from './api/server-clock.ts';

const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const dayOnly = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

export const timeText = (at: string): string => dayAndTime.format(new Date(at));
export const dayText = (at: string): string => dayOnly.format(new Date(at));

/** How long ago; after a month, the day. */
export const agoText = (at: string, now = serverNow()): string => {
  const ms = new Date(at).getTime() - now;
  if (Math.abs(ms) > 30 * 86_400_000) return dayText(at);
  const [unit, size] = units.find(([, length]) => Math.abs(ms) >= length) ?? ['minute', 60_000];
  return Math.abs(ms) < 60_000 ? 'just now' : relative.format(Math.round(ms / size), unit);
};
