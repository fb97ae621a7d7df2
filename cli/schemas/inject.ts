import * as z from 'zod';
import { documentOf, type Printed, textOrNull } from './parts/document.ts';
import { decision, incidentId, incidentState } from './parts/incident.ts';

const document = z.strictObject({
  incidentId: incidentId.nullable(),
  state: incidentState.nullable(),
  decision: decision.nullable(),
  repeat: z.boolean(),
  eventId: textOrNull,
  refused: textOrNull,
});

export type InjectDocument = Printed<typeof document>;

export const schema = documentOf('cordon inject --json', document);
