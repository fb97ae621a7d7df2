import * as z from 'zod';
import { count, documentOf, type Printed } from './parts/document.ts';

const document = z.strictObject({
  deployers: z.array(z.string()).describe('Who may still change Cordon.'),
  policies: z.array(
    z.strictObject({
      name: z.string(),
      characters: count,
      policy: z.string().describe('The document as AWS Organizations takes it, in one line.'),
    }),
  ),
});

export type ScpDocument = Printed<typeof document>;

export const schema = documentOf('cordon scp --json', document);
