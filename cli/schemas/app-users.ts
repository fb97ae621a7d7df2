import * as z from 'zod';
import { appUser } from './parts/app.ts';
import { documentOf, type Printed } from './parts/document.ts';

const document = z.strictObject({ users: z.array(appUser) });

export type AppUsersDocument = Printed<typeof document>;

export const schema = documentOf('cordon app users --json', document);
