import * as z from 'zod';
import { documentOf, type Printed, textOrNull } from './parts/document.ts';

const document = z.strictObject({
  sent: z.boolean().describe('False: nothing was sent, because --yes was not given.'),
  events: z.array(
    z.strictObject({
      eventId: z.string(),
      type: z.string(),
      target: z.string(),
      error: z.string().describe('Why the rule could not deliver it.'),
      kind: z.enum(['finding', 'drill', 'other']),
      execution: textOrNull.describe('The execution that handles it now.'),
    }),
  ),
  notices: z
    .array(
      z.strictObject({
        id: z.string(),
        class: z.string().describe('What it says first, such as contained.'),
        incident: textOrNull,
        sent: z.boolean(),
      }),
    )
    .describe('What the webhook did not take; empty without a webhook.'),
});

export type RedriveDocument = Printed<typeof document>;

export const schema = documentOf('cordon redrive --json', document);
