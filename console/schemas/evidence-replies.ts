import * as z from 'zod';

export const evidenceReply = z.object({
  incidentId: z.string(),
  round: z.int(),
  bucket: z.string(),
  prefix: z.string(),
  objects: z.array(
    z.object({
      path: z.string(),
      bytes: z.int(),
      sha256: z.string(),
      taken: z.string(),
      versionId: z.string().nullable(),
    }),
  ),
  gaps: z.array(z.object({ collector: z.string(), what: z.string(), why: z.string() })),
  touched: z.array(z.string()),
  foreign: z.array(z.string()),
});

export const evidenceReadReply = z.object({
  custody: z.int(),
  expiresInSeconds: z.int(),
  links: z.array(
    z.object({
      path: z.string(),
      url: z.string(),
      bytes: z.int().nullable(),
      versionId: z.string().nullable(),
    }),
  ),
  signingKey: z
    .object({ keyId: z.string(), pem: z.string() })
    .describe('The key of this deployment, as KMS has it.'),
});
