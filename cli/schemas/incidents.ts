import * as z from 'zod';
import { documentOf, type Printed, textOrNull } from './parts/document.ts';
import { incidentId, incidentState } from './parts/incident.ts';

const document = z.strictObject({
  incidents: z.array(
    z.strictObject({
      id: incidentId,
      state: incidentState,
      drill: z.boolean(),
      openedAt: z.string(),
      finding: z.strictObject({
        type: z.string(),
        severity: z.number(),
        account: z.string(),
        region: z.string(),
      }),
      function: textOrNull,
      role: textOrNull,
    }),
  ),
});

export type IncidentsDocument = Printed<typeof document>;

export const schema = documentOf('cordon incidents --json', document);
