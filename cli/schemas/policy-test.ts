import * as z from 'zod';
import { documentOf, type Printed } from './parts/document.ts';

const document = z.strictObject({
  passed: z.boolean(),
  cases: z.array(
    z.strictObject({
      file: z.string(),
      name: z.string(),
      passed: z.boolean(),
      wanted: z.string(),
      got: z.string(),
    }),
  ),
});

export type PolicyTestDocument = Printed<typeof document>;

export const schema = documentOf('cordon policy test --json', document);
