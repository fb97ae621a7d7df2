import * as z from 'zod';
import { documentOf, type Printed, textOrNull } from './parts/document.ts';
import { decision, incidentId } from './parts/incident.ts';

const severity = z.number().min(0).max(10);

const document = z.strictObject({
  incidentId: incidentId.nullable().describe('Null for a finding from a file.'),
  finding: z.strictObject({ type: z.string(), severity }),
  table: z
    .strictObject({ contain: severity.nullable(), ask: severity.nullable(), tell: severity })
    .nullable()
    .describe('From which severity the type is contained, asked about, told; null is never.'),
  decision: decision
    .extend({ observed: z.boolean().describe('True: nothing was or would be changed.') })
    .nullable()
    .describe('Null where facts about the account are needed.'),
  rules: z
    .array(z.strictObject({ rule: z.string(), said: textOrNull }))
    .describe('In the order in which they were asked; null where one had nothing to say.'),
  reads: z.array(z.string()).describe('What would be read before the next rules are asked.'),
  expired: z.array(z.string()).describe('Entries of the configuration that have ended.'),
});

export type PolicyExplainDocument = Printed<typeof document>;

export const schema = documentOf('cordon policy explain --json', document);
