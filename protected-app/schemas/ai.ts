import * as z from 'zod';
import { customerId } from './customer.ts';
import { pageOf, paging } from './paging.ts';
import { typedText } from './text.ts';

export const queryId = z.uuid();
export const queryPath = z.object({ id: queryId });

export const question = z.strictObject({
  question: typedText(2_000),
  customerIds: z
    .array(customerId)
    .max(20)
    .default([])
    .describe('The customers that the question is about.'),
});

export const queryState = z.enum(['queued', 'running', 'succeeded', 'failed', 'expired']);

export const accepted = z.object({ id: queryId, state: queryState });

export const aiQuery = z.object({
  id: queryId,
  state: queryState,
  question: z.string(),
  askedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  answer: z.string().nullable().describe('Text. Never render it as HTML.'),
  sources: z
    .array(z.string())
    .describe('Ids of the records that the answer rests on; each was shown to the model.'),
  tokens: z.int().nullable(),
  reason: z.string().nullable().describe('Why there is no answer.'),
});

export const aiQueryPage = pageOf(aiQuery);
export const aiQueryQuery = paging;

export const aiBudget = z.object({
  used: z.int().min(0).describe('The tokens that you have used or reserved today.'),
  limit: z.int().min(1).describe('The tokens that you may use in a day (UTC).'),
  isCommonSpent: z.boolean().describe('The tokens of all users together are used up for today.'),
  renewsAt: z.iso.datetime(),
});

export type AiQuery = z.infer<typeof aiQuery>;
export type AiBudget = z.infer<typeof aiBudget>;
