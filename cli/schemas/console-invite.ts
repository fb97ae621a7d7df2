import * as z from 'zod';
import { consoleGroups } from '../../operator/console-users.ts';
import { documentOf, type Printed } from './parts/document.ts';

const document = z.strictObject({
  name: z.string(),
  email: z.string(),
  groups: z.array(z.enum(consoleGroups)),
});

export type ConsoleInviteDocument = Printed<typeof document>;

export const schema = documentOf('cordon console invite --json', document);
