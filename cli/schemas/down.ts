import * as z from 'zod';
import { documentOf, type Printed } from './parts/document.ts';

const document = z.strictObject({
  runs: z.array(z.strictObject({ port: z.int(), did: z.string() })),
});

export type DownDocument = Printed<typeof document>;

export const schema = documentOf('cordon down --json', document);
