import * as z from 'zod';

/** A moment in epoch ms. */
const moment = z.int();

const shownEntry = z.object({
  at: moment,
  who: z.string(),
  what: z
    .enum(['answer', 'release', 'read-evidence', 'export-audit', 'unreadable'])
    .describe('`unreadable`: what is stored is no entry; `says` names it.'),
  incident: z.string().nullable(),
  says: z.string(),
  outcome: z.string(),
  requestId: z.string(),
  signedInAt: moment.optional().describe('Missing in what an older Cordon wrote.'),
});

/** The last moment that a date can be. */
export const lastMoment = 8.64e15;
const dated = moment.min(0).max(lastMoment);

/** An entry that can be shown; a later version may write kinds that this one does not know. */
export const storedEntry = shownEntry.extend({
  ...{ at: dated, what: z.string(), signedInAt: dated.optional() },
});

export const auditReply = z.object({
  day: z.string(),
  items: z.array(shownEntry),
  cursor: z.string().nullable().describe('null on the last page.'),
});

export const auditExportReply = z.object({
  from: z.string(),
  to: z.string(),
  entries: z.int(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('Of all lines but the last one, which has the signature over it.'),
  name: z.string().describe('What the file is called.'),
  text: z.string().describe('The file: JSON lines, which verify-audit.mjs checks offline.'),
  keyId: z.string().describe('The key that signed, whose public half KMS gives.'),
});
