import * as z from 'zod';
import { type AiQuery, queryId, question } from '../schemas/ai.ts';

/** After this time a question without an answer is expired. */
export const answerDeadlineMs = 15 * 60_000;

/** Questions and answers go after 30 days. */
export const questionRetentionMs = 30 * 86_400_000;

/** A question as it is stored. */
export const questionItem = question.extend({
  id: queryId,
  owner: z.string(),
  /** Whether the asker was an administrator then: decides what the model is shown. */
  administrator: z.boolean(),
  state: z.enum(['queued', 'running', 'succeeded', 'failed']),
  askedAt: z.iso.datetime(),
  correlationId: z.string(),
  expiresAt: z.int(),
  /**
   * Set while a worker has the question: the worker, the time until which it can live, the tokens
   * it has reserved, and the day whose budget they are from.
   */
  worker: z.string().optional(),
  leaseUntil: z.int().optional(),
  reserved: z.int().optional(),
  budgetDay: z.string().optional(),
  endedAt: z.iso.datetime().optional(),
  answer: z.string().optional(),
  sources: z.array(z.string()).optional(),
  tokens: z.int().optional(),
  reason: z.string().optional(),
});

export type QuestionItem = z.infer<typeof questionItem>;

/**
 * `expired` is not stored; it follows from the age. A question is running for as long as its worker
 * can live.
 */
export const stateOf = (
  { state, askedAt, leaseUntil = 0 }: QuestionItem,
  now: number,
): AiQuery['state'] => {
  if (state !== 'queued' && state !== 'running') return state;
  return now > Math.max(Date.parse(askedAt) + answerDeadlineMs, leaseUntil) ? 'expired' : state;
};

/** The part of an item that its owner sees. */
export const aiQueryOf = (item: QuestionItem, now: number): AiQuery => {
  const state = stateOf(item, now);
  return {
    id: item.id,
    state,
    question: item.question,
    askedAt: item.askedAt,
    endedAt: item.endedAt ?? null,
    answer: item.answer ?? null,
    sources: item.sources ?? [],
    tokens: item.tokens ?? null,
    reason:
      state === 'expired'
        ? `It was not answered within ${answerDeadlineMs / 60_000} minutes. Ask again.`
        : (item.reason ?? null),
  };
};
