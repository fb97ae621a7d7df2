import * as z from 'zod';
import { documentOf, type Printed } from './parts/document.ts';
import { incidentId, incidentState } from './parts/incident.ts';

export const decisionsDocument = z.strictObject({
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
  /** Of several incidents, those that could not be answered, as they were named. */
  failed: z.array(z.strictObject({ incident: z.string(), error: z.string() })),
});

export type DecideDocument = Printed<typeof decisionsDocument>;

export const schema = documentOf('cordon decide --json', decisionsDocument);
