import * as z from 'zod';
import { documentOf, type Printed } from './parts/document.ts';

const document = z.strictObject({
  endpoint: z.string(),
  region: z.string(),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
});

export type EnvDocument = Printed<typeof document>;

export const schema = documentOf('cordon env --json', document);
