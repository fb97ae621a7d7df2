import * as z from 'zod';

/** A user of the application in a local run. */
export const appUser = z.strictObject({
  name: z.enum(['administrator', 'standard']),
  email: z.string(),
  password: z.string(),
  authenticatorKey: z.string().describe('Give it to an authenticator app, which shows the codes.'),
});
