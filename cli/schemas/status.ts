import * as z from 'zod';
import { documentOf, type Printed, textOrNull } from './parts/document.ts';
import { incidentId, incidentState } from './parts/incident.ts';

const listed = z.strictObject({
  id: incidentId,
  state: incidentState,
  drill: z.boolean(),
  openedAt: z.string(),
  about: z.string(),
});

const question = z.strictObject({
  id: incidentId,
  reason: z.string(),
  deadline: textOrNull.describe('When Cordon decides by itself; null while it is not known.'),
});

const document = z.strictObject({
  place: z.strictObject({
    account: z.string(),
    region: z.string(),
    endpoint: textOrNull.describe('The engine of a local run; null on AWS.'),
  }),
  needsAction: z.array(listed).describe('Partly, not or no longer contained.'),
  underWay: z.array(listed),
  contained: z.array(listed),
  questions: z.array(question),
  lastMail: z.strictObject({ at: z.string(), subject: z.string() }).nullable(),
});

export type StatusDocument = Printed<typeof document>;

export const schema = documentOf('cordon status --json', document);
