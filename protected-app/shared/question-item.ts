import * as z from 'zod';
import { type AiQuery, queryId, question } from '../schemas/ai.ts';

/** How long somebody waits: after this a question that has no answer will not get one. */
export const patienceMs = 15 * 60_000;

/** Questions and answers go after 30 days. */
export const keptMs = 30 * 86_400_000;

/** A question as it lies in the table. */
export const questionItem = question.extend({
  id: queryId,
  owner: z.string(),
  /** What the asker was when asking: decides what the model is shown. */
  administrator: z.boolean(),
  state: z.enum(['queued', 'running', 'succeeded', 'failed']),
  askedAt: z.iso.datetime(),
  correlationId: z.string(),
  expiresAt: z.int(),
  /**
   * Since the model was asked: by which worker, how long that worker can live, and what was set
   * aside of which day's budget.
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
 * `expired` is not stored: it is what a question becomes by waiting. While a worker may still be at
 * it, it is running.
 */
export const stateOf = (
  { state, askedAt, leaseUntil = 0 }: QuestionItem,
  now: number,
): AiQuery['state'] => {
  if (state !== 'queued' && state !== 'running') return state;
  return now > Math.max(Date.parse(askedAt) + patienceMs, leaseUntil) ? 'expired' : state;
};

/** What the owner is shown. */
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
    reason: state === 'expired' ? 'It was not answered in time. Ask again.' : (item.reason ?? null),
  };
};
