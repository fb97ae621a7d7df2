import type { Question } from '../api/calls.ts';

export type QuestionState = Question['state'];

/** The states that go on by themselves. */
export const isOpen = (state: QuestionState): boolean => state === 'queued' || state === 'running';

export const stateWords = {
  queued: { label: 'Waiting', tone: 'accent' },
  running: { label: 'Being answered', tone: 'accent' },
  succeeded: { label: 'Answered', tone: 'success' },
  failed: { label: 'Not answered', tone: 'danger' },
  expired: { label: 'Expired', tone: 'warning' },
} as const satisfies Record<QuestionState, { label: string; tone: string }>;
