import * as z from 'zod';
import { documentOf, type Printed, textOrNull } from './parts/document.ts';
import { earlierSessions, incidentId, incidentState, outcome } from './parts/incident.ts';

const document = z.strictObject({
  incidentId,
  released: z.boolean(),
  state: incidentState,
  by: z.string(),
  reason: z.string(),
  status: z.string(),
  error: textOrNull,
  execution: z.string(),
  sessions: earlierSessions.nullable(),
  actions: z.array(
    z.strictObject({ responder: z.string(), target: z.string(), outcome, reason: textOrNull }),
  ),
});

export type ReleaseDocument = Printed<typeof document>;

export const schema = documentOf('cordon release --json', document);
