import * as z from 'zod';

/**
 * My Domain addresses, with those of sandboxes. Salesforce accepts client credentials nowhere else.
 */
export const salesforceHosts = /^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})?\.my\.salesforce\.com$/;

/** Older versions lack features that are used here, or are retired. */
export const apiVersion = z
  .string()
  .regex(/^v(6[0-9]|[7-9][0-9])\.0$/, 'a version of the REST API from v60.0');

/** The fields of the secret. */
export const salesforceSecret = z.object({
  loginUrl: z.string().min(1).max(300),
  clientId: z.string().min(1).max(500),
  clientSecret: z.string().min(1).max(500),
});

export type SalesforceSecret = z.infer<typeof salesforceSecret>;
