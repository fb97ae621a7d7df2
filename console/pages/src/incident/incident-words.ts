import type { Incident } from '../api/calls.ts';

/** Whom the incident is about, in a few words for a heading. */
export const incidentName = ({ suspect, suspects }: Incident): string =>
  suspects?.[0]?.names[0] ?? suspect?.functionName ?? 'Not identified';

const stages: Readonly<Record<string, string>> = {
  flash: 'First mail',
  evidence: 'Collecting evidence',
  watch: 'Watching the changes',
  timeline1: 'Provisional timeline',
  report1: 'Report, version 1',
  timeline2: 'Timeline after CloudTrail’s delay',
  report2: 'Report, version 2',
  manifest: 'Sealing the evidence',
  close: 'Closing',
};

export const stageText = (name: string): string => stages[name] ?? name;

export const sizeText = (bytes: number): string => {
  const units = ['B', 'kB', 'MB', 'GB'] as const;
  const power = Math.min(3, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const amount = bytes / 1_000 ** power;
  return `${amount < 10 && power > 0 ? amount.toFixed(1) : Math.round(amount)} ${units[power]}`;
};
