import type { Incident } from '../api/calls.ts';
import type { Tone } from '../parts/words.ts';

type Outcome = Incident['actions'][number]['outcome'];

const outcomes: Readonly<Record<Outcome, readonly [text: string, tone: Tone]>> = {
  contained: ['Holds', 'success'],
  applied: ['Accepted, not seen yet', 'warning'],
  'not-contained': ['Failed', 'danger'],
  planned: ['Planned only', 'neutral'],
  released: ['Put back', 'neutral'],
  'not-released': ['Not put back', 'danger'],
  kept: ['Kept', 'neutral'],
};

export const outcomeText = (outcome: Outcome): string => outcomes[outcome][0];
export const outcomeTone = (outcome: Outcome): Tone => outcomes[outcome][1];
