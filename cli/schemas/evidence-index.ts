import * as z from 'zod';
import { count, documentOf, type Printed } from './parts/document.ts';

const document = z.strictObject({
  folder: z.string(),
  incidents: count,
  unsealed: count,
  months: z.array(
    z.strictObject({
      span: z.string().regex(/^\d{4}\/\d{2}$/),
      incidents: z.int().min(1),
      unsealed: count,
      files: z.array(z.string()),
    }),
  ),
});

export type EvidenceIndexDocument = Printed<typeof document>;

export const schema = documentOf('cordon evidence index --json', document);
