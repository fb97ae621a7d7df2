import * as z from 'zod';
import { documentOf, type Printed } from './parts/document.ts';
import { verification } from './parts/evidence.ts';

const document = z.strictObject({
  folder: z.string(),
  problems: z.array(z.string()),
  ...verification.shape,
});

export type EvidencePullDocument = Printed<typeof document>;

export const schema = documentOf('cordon evidence pull --json', document);
