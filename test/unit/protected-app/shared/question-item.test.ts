import { expect, it } from 'vitest';
import {
  aiQueryOf,
  answerDeadlineMs,
  type QuestionItem,
  stateOf,
} from '../../../../protected-app/shared/question-item.ts';

const askedAt = Date.parse('2026-11-21T12:00:00Z');
const item: QuestionItem = {
  id: '5d7a2c4e-2f0e-4d55-9d0e-0a4d3f1f6c11',
  owner: 'somebody',
  administrator: false,
  question: 'Who?',
  customerIds: [],
  state: 'queued',
  askedAt: new Date(askedAt).toISOString(),
  correlationId: 'request-1',
  expiresAt: 1_800_000_000,
};
const late = askedAt + answerDeadlineMs + 1;

it('a question without an answer expires', () => {
  expect(stateOf(item, late - 1)).toBe('queued');
  expect(stateOf(item, late)).toBe('expired');
  expect(stateOf({ ...item, state: 'running', leaseUntil: late - 10 }, late)).toBe('expired');
});

it('not while a worker may still be at it', () => {
  expect(stateOf({ ...item, state: 'running', leaseUntil: late + 10 }, late)).toBe('running');
});

it('an end stays an end', () => {
  expect(stateOf({ ...item, state: 'succeeded' }, late * 2)).toBe('succeeded');
  expect(stateOf({ ...item, state: 'failed' }, late * 2)).toBe('failed');
});

it('shows the owner nothing of how it was worked on', () => {
  const shown = aiQueryOf(
    { ...item, state: 'running', worker: 'w', leaseUntil: 1, reserved: 5, budgetDay: '2026-11-21' },
    askedAt,
  );
  expect(Object.keys(shown).sort()).toEqual([
    'answer',
    'askedAt',
    'endedAt',
    'id',
    'question',
    'reason',
    'sources',
    'state',
    'tokens',
  ]);
});
