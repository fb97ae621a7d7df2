import * as z from 'zod';
import { documentOf, type Printed } from './parts/document.ts';

const document = z.strictObject({
  mails: z.array(
    z.strictObject({
      file: z.string(),
      from: z.string(),
      to: z.string(),
      subject: z.string(),
      at: z.string(),
      body: z.string(),
    }),
  ),
});

export type MailDocument = Printed<typeof document>;

export const schema = documentOf('cordon mail --json', document);
