import * as z from 'zod';
import { documentOf, type Printed, textOrNull } from './parts/document.ts';

const document = z.strictObject({
  ok: z.boolean(),
  checks: z.array(
    z.strictObject({ name: z.string(), ok: z.boolean(), detail: z.string(), fix: textOrNull }),
  ),
});

export type DoctorDocument = Printed<typeof document>;

export const schema = documentOf('cordon doctor --json', document);
