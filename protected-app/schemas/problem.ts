import * as z from 'zod';

/** RFC 9457. Every error of the API has this form, from functions and from the gateway. */
export const problem = z.object({
  type: z.string().describe('The kind of problem; about:blank where the status says everything.'),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string().optional().describe('What is wrong with this request, and what to do.'),
  requestId: z.string().describe('Quote it when you ask for help.'),
  errors: z
    .array(
      z.object({
        pointer: z.string().describe('A JSON pointer into the body, or the name of a parameter.'),
        detail: z.string(),
      }),
    )
    .optional(),
});

export type Problem = z.infer<typeof problem>;
