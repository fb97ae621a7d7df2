import * as z from 'zod';
import { documentOf, type Printed } from './parts/document.ts';
import { incidentId, incidentState } from './parts/incident.ts';

const document = z.strictObject({
  incidentId,
  approved: z.boolean(),
  by: z.string(),
  reason: z.string(),
  state: incidentState,
  /** It is a first yes: another person must approve too. */
  secondNeeded: z.boolean(),
});

export type ApproveDocument = Printed<typeof document>;

export const schema = documentOf('cordon approve --json', document);
