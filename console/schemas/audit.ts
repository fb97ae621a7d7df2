import * as z from 'zod';

/** A moment in epoch ms. */
const moment = z.int();

export const auditReply = z.object({
  day: z.string(),
  items: z.array(
    z.object({
      at: moment,
      who: z.string(),
      what: z.enum(['answer', 'release', 'read-evidence']),
      incident: z.string(),
      says: z.string(),
      outcome: z.string(),
      requestId: z.string(),
      signedInAt: moment.optional().describe('Missing in what an older Cordon wrote.'),
    }),
  ),
  cursor: z.string().nullable().describe('null on the last page.'),
});
