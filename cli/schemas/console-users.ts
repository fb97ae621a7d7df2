import * as z from 'zod';
import { consoleGroups } from '../../operator/console-users.ts';
import { documentOf, type Printed } from './parts/document.ts';

const document = z.strictObject({
  pages: z.string().describe('Where a person signs in.'),
  api: z.string(),
  users: z.array(
    z.strictObject({
      name: z.string(),
      group: z.enum(consoleGroups),
      password: z.string(),
      authenticatorKey: z
        .string()
        .describe('Give it to an authenticator app, which shows the codes.'),
    }),
  ),
});

export type ConsoleUsersDocument = Printed<typeof document>;

export const schema = documentOf('cordon console users --json', document);
