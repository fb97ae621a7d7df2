import * as z from 'zod';
import { documentOf, type Printed } from './parts/document.ts';

const document = z.strictObject({
  subscription: z.string().describe('The ARN of the subscription that is confirmed now.'),
  others: z
    .array(
      z.strictObject({
        endpoint: z.string(),
        protocol: z.string(),
        state: z
          .enum(['pending', 'open', 'safe'])
          .describe('open: the unsubscribe link in its mails works for anybody who follows it.'),
      }),
    )
    .describe('Every subscription of the topic.'),
});

export type ConfirmDocument = Printed<typeof document>;

export const schema = documentOf('cordon confirm --json', document);
