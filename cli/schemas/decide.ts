import * as z from 'zod';
import { documentOf, type Printed } from './parts/document.ts';
import { incidentId, incidentState } from './parts/incident.ts';

const document = z.strictObject({
  decisions: z.array(
    z.strictObject({
      incidentId,
      contain: z.boolean(),
      by: z.string(),
      reason: z.string(),
      state: incidentState,
      late: z.boolean(),
      /** It is a first yes: another person must approve too. */
      secondNeeded: z.boolean(),
    }),
  ),
});

export type DecideDocument = Printed<typeof document>;

export const schema = documentOf('cordon decide --json', document);
