import * as z from 'zod';
import { count, textOrNull } from './document.ts';

export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The result of the verifier that lies in every folder of evidence. */
export const verification = z.strictObject({
  schema: z.literal('cordon-verification/1'),
  ok: z.boolean(),
  incident: textOrNull,
  round: z.int().min(1).nullable(),
  objects: count,
  bytes: count,
  custody: z.strictObject({ entries: count, last: sha256.nullable() }),
  key: z.strictObject({ fingerprint: sha256.nullable(), pinned: z.boolean() }),
  foreign: z
    .array(z.string())
    .describe('Paths of objects that no stage of Cordon has recorded as its own.'),
  findings: z.array(z.strictObject({ object: z.string(), reason: z.string() })),
  timestamp: sha256.nullable().describe('SHA-256 of manifest.tsr, where there is one.'),
  event: z
    .strictObject({ id: z.string(), row: z.int().min(1) })
    .optional()
    .describe('Of a proof: the one event that was verified, and its row in the seal.'),
  gaps: z
    .array(z.strictObject({ what: z.string(), why: z.string() }))
    .optional()
    .describe('Of a seal: the events that should be in it and are not, each with the reason.'),
});
