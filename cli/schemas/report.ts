import * as z from 'zod';
import { documentOf, type Printed, textOrNull } from './parts/document.ts';
import { incidentId } from './parts/incident.ts';

const document = z.strictObject({
  incidentId,
  version: z.int().min(1).max(2),
  text: z.string(),
  file: textOrNull.describe('The page that --open wrote.'),
});

export type ReportDocument = Printed<typeof document>;

export const schema = documentOf('cordon report --json', document);
