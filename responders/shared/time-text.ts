const zoned = (ms: number, zone: string): { clock: string; offset: string } => {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  }).formatToParts(ms);
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? '';
  return {
    clock: `${part('hour')}:${part('minute')}:${part('second')}`,
    offset: part('timeZoneName').replace('GMT', 'UTC'),
  };
};

/** `2026-11-21 10:00:07 UTC` */
const utc = (ms: number): string =>
  `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** `2026-11-21 10:00:07 UTC (11:00:07 UTC+01:00)`: UTC, and the time in the zone. */
export const inZone = (ms: number, zone: string): string => {
  const { clock, offset } = zoned(ms, zone);
  return offset === 'UTC' || offset === 'UTC+00:00' ? utc(ms) : `${utc(ms)} (${clock} ${offset})`;
};

/** `10:00:07`, in UTC. */
export const timeOfDay = (ms: number): string => new Date(ms).toISOString().slice(11, 19);

/** A duration in the unit that a person would use: `0.4 s`, `38 s`, `12 min`, `3 h 5 min`. */
export const duration = (ms: number): string => {
  const seconds = Math.abs(ms) / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48
    ? `${hours} h${minutes % 60 ? ` ${minutes % 60} min` : ''}`
    : `${Math.round(hours / 24)} days`;
};

/** The time before (`−0.4 s`) or after (`+38 s`) another moment. */
export const offset = (ms: number, from: number): string =>
  `${ms < from ? '−' : '+'}${duration(ms - from)}`;
