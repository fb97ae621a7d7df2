import * as z from 'zod';
import { documentOf, type Printed } from './parts/document.ts';
import { incidentId, incidentState } from './parts/incident.ts';

const document = z.strictObject({
  incidentId,
  approved: z.boolean(),
  by: z.string(),
  reason: z.string(),
  state: incidentState,
});

export type ApproveDocument = Printed<typeof document>;

export const schema = documentOf('cordon approve --json', document);
