import * as z from 'zod';
import { pageOf, paging, searchText } from './paging.ts';

/** A contact's id in Salesforce, which is the system of record. */
export const customerId = z
  .string()
  .regex(/^003[A-Za-z0-9]{15}$/, 'an 18-character Salesforce contact id (003…)');

export const customerPath = z.object({ id: customerId });

/** `masked`: the personal fields are shortened, because the caller is no administrator. */
export const customer = z.object({
  id: customerId,
  name: z.string(),
  company: z.string().nullable(),
  title: z.string().nullable(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  street: z.string().nullable(),
  postalCode: z.string().nullable(),
  city: z.string().nullable(),
  country: z.string().nullable(),
  modifiedAt: z.iso.datetime().describe('When Salesforce last changed it.'),
  masked: z.boolean(),
});

export const customerPage = pageOf(customer);

export const customerQuery = paging.extend({
  q: searchText.optional().describe('Part of the name or the company.'),
  country: searchText.optional(),
});

export type Customer = z.infer<typeof customer>;
export type CustomerQuery = z.infer<typeof customerQuery>;
