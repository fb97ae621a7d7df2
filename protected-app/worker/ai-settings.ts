import * as z from 'zod';

/** How questions are answered: what infra hands over as APP_AI. */
export const aiSettings = z.strictObject({
  provider: z.enum(['openai', 'bedrock']),
  model: z.string().min(1),
  /** What one user may spend on one day (UTC). */
  dailyTokens: z.int().min(1),
  /** Of one answer, with what the model thinks before it writes. */
  maxOutputTokens: z.int().min(16),
});

/** The secret of the provider. Bedrock has none: the function's role is what it knows. */
export const openAiSecret = z.object({ apiKey: z.string().min(1), baseUrl: z.string().optional() });

export type AiSettings = z.infer<typeof aiSettings>;
export type OpenAiSecret = z.infer<typeof openAiSecret>;
