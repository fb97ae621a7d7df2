import * as z from 'zod';

/** A user of the application in a local run. */
export const appUser = z.strictObject({
  name: z.enum(['administrator', 'standard']),
  email: z.string(),
  password: z.string(),
});
