import * as z from 'zod';
import { count, documentOf, type Printed, textOrNull } from './parts/document.ts';
import { sha256 } from './parts/evidence.ts';

const document = z.strictObject({
  incident: z.string(),
  round: z.int().min(1),
  bucket: z.string(),
  prefix: z.string(),
  objects: z.array(
    z.strictObject({
      path: z.string(),
      bytes: count,
      sha256,
      versionId: textOrNull,
      taken: z.string(),
      content: textOrNull,
    }),
  ),
  gaps: z.array(z.strictObject({ collector: z.string(), what: z.string(), why: z.string() })),
  touched: z.array(z.string()).describe('Overwritten or deleted in the bucket.'),
});

export type EvidenceLsDocument = Printed<typeof document>;

export const schema = documentOf('cordon evidence ls --json', document);
