import * as z from 'zod';
import { documentOf, type Printed } from './parts/document.ts';
import { decision, incidentId, incidentState } from './parts/incident.ts';

const document = z.strictObject({
  incidentId,
  target: z.string(),
  by: z.string(),
  reason: z.string(),
  state: incidentState,
  decision,
});

export type ContainDocument = Printed<typeof document>;

export const schema = documentOf('cordon contain --json', document);
