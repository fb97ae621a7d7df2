import { serverNow } from '@kit/api/server-clock.ts';

const iso = (at: number | string): string => new Date(at).toISOString();

/** `03:41 UTC`, and its day where that is not today: mails and reports write times like this. */
export const utcText = (at: number | string, now = serverNow()): string => {
  const [day, time] = [iso(at).slice(0, 10), iso(at).slice(11, 16)];
  return day === iso(now).slice(0, 10) ? `${time} UTC` : `${day} ${time} UTC`;
};

/** `2026-11-21 03:41:07 UTC` */
export const momentText = (at: number | string): string =>
  `${iso(at).slice(0, 19).replace('T', ' ')} UTC`;

/** `1 h 5 min`, `4 min 10 s`, `8 s`: the two largest parts. */
export const spanText = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const [days, hours] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3_600) % 24];
  const [minutes, rest] = [Math.floor(seconds / 60) % 60, seconds % 60];
  const parts = [
    [days, 'd'],
    [hours, 'h'],
    [minutes, 'min'],
    [rest, 's'],
  ] as const;
  const largest = parts.findIndex(([count]) => count > 0);
  if (largest < 0) return 'under 1 s';
  return parts
    .slice(largest, largest + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
};
