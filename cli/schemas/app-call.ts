import * as z from 'zod';
import { count, documentOf, type Printed } from './parts/document.ts';

const document = z.strictObject({
  status: z.int().min(100).max(599),
  ms: count,
  headers: z.record(z.string(), z.string()),
  body: z.unknown().describe('Parsed where it is JSON, otherwise the text.'),
});

export type AppCallDocument = Printed<typeof document>;

export const schema = documentOf('cordon app call --json', document);
