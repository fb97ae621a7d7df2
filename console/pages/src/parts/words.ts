import type { Listed } from '../api/calls.ts';

export type Tone = 'neutral' | 'accent' | 'success' | 'warning' | 'danger';

interface StateWords {
  readonly text: string;
  readonly tone: Tone;
  /** Something goes on. */
  readonly isLive?: true;
}

const states: Readonly<Record<Listed['state'], StateWords>> = {
  open: { text: 'Containing', tone: 'accent', isLive: true },
  'awaiting-approval': { text: 'Waits for a decision', tone: 'warning', isLive: true },
  contained: { text: 'Contained', tone: 'success' },
  partial: { text: 'Contained in part', tone: 'danger' },
  'not-contained': { text: 'Not contained', tone: 'danger' },
  contested: { text: 'Contested', tone: 'danger' },
  unanswered: { text: 'Nobody answered', tone: 'warning' },
  'notify-only': { text: 'Reported, nothing changed', tone: 'neutral' },
  suppressed: { text: 'Suppressed', tone: 'neutral' },
  forged: { text: 'Forged', tone: 'danger' },
  released: { text: 'Released', tone: 'neutral' },
};

export const stateNames = Object.keys(states) as readonly Listed['state'][];

export const stateWords = (state: Listed['state']): StateWords => states[state];

/** As GuardDuty names its numbers. */
export const severityText = (severity: number): string => {
  const from = [
    [9, 'Critical'],
    [7, 'High'],
    [4, 'Medium'],
  ] as const;
  const [, name] = from.find(([least]) => severity >= least) ?? [0, 'Low'];
  return `${name} ${severity.toFixed(1)}`;
};

export const severityTone = (severity: number): Tone => {
  if (severity >= 7) return 'danger';
  return severity >= 4 ? 'warning' : 'neutral';
};

export const counted = (count: number, single: string, many = `${single}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? single : many}`;

/**
 * `anna, as CordonConsoleApproveRole`: whoever takes a role can call the session anything, so
 * that the name alone says too little.
 */
export const personText = (by: string): string => {
  const [, role, name] = /^arn:[\w-]+:sts::\d{12}:assumed-role\/([^/]+)\/(.+)$/.exec(by) ?? [];
  return role === undefined || name === undefined ? by : `${name}, as ${role}`;
};
