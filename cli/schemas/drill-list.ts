import * as z from 'zod';
import { documentOf, type Printed } from './parts/document.ts';

const document = z.strictObject({
  attack: z.string(),
  scenarios: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      story: z.string(),
      techniques: z.array(
        z.strictObject({ id: z.string().regex(/^T\d{4}(\.\d{3})?$/), name: z.string() }),
      ),
      steps: z.array(z.string()),
    }),
  ),
});

export type DrillListDocument = Printed<typeof document>;

export const schema = documentOf('cordon drill list --json', document);
