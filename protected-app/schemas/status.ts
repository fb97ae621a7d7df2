import * as z from 'zod';

export const status = z.object({
  status: z.enum(['ok']),
  version: z.string(),
  time: z.iso.datetime(),
});
