import * as z from 'zod';
import { documentOf, type Printed } from './parts/document.ts';

const document = z.strictObject({
  drills: z.array(
    z.strictObject({
      at: z.string(),
      scenario: z.string(),
      incidentId: z.string(),
      passed: z.boolean(),
      restored: z.boolean(),
      failed: z.array(z.string()),
      lastAllowedMs: z.number().nullable(),
      firstDeniedMs: z.number().nullable(),
      effectiveMs: z.number().nullable(),
    }),
  ),
});

export type DrillHistoryDocument = Printed<typeof document>;

export const schema = documentOf('cordon drill history --json', document);
