import * as z from 'zod';
import type { TokenLimits } from '../shared/token-budget.ts';

/** How questions are answered. infra passes it as APP_AI. */
export const aiSettings = z.strictObject({
  provider: z.enum(['openai', 'bedrock']),
  model: z.string().min(1),
  /** The budget of one user for one day (UTC). */
  dailyTokens: z.int().min(1),
  /** The budget of all users together for one day (UTC). */
  dailyTokensOfAll: z.int().min(1),
  /** For one answer, with the tokens of the model's reasoning. */
  maxOutputTokens: z.int().min(16),
});

/** The secret of OpenAI. Bedrock has none: it accepts the role of the function. */
export const openAiSecret = z.object({ apiKey: z.string().min(1), baseUrl: z.string().optional() });

export const limitsOf = ({ dailyTokens, dailyTokensOfAll }: AiSettings): TokenLimits => ({
  own: dailyTokens,
  common: dailyTokensOfAll,
});

export type AiSettings = z.infer<typeof aiSettings>;
export type OpenAiSecret = z.infer<typeof openAiSecret>;
