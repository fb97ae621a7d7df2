import * as z from 'zod';
import { type Customer, customer } from '../schemas/customer.ts';
import { everything } from '../tables.ts';
import { sortKey } from './text.ts';

/**
 * A customer as it lies in the table: written by the copy from Salesforce and the seed, read by the
 * API and the AI worker.
 */
export const customerItem = customer.omit({ masked: true }).extend({
  list: z.literal(everything),
  nameKey: z.string(),
  /** Counts our writes, for conditional ones. */
  version: z.int().min(1),
  /** Only while Salesforce does not know the change yet: the index `pending` holds nothing else. */
  pending: z.literal('yes').optional(),
  /** When it was changed here; present whenever `pending` is. */
  changedAt: z.iso.datetime().optional(),
});

export type CustomerItem = z.infer<typeof customerItem>;

/** The keys of the indexes follow from the fields. */
export const customerKeys = (name: string): Pick<CustomerItem, 'list' | 'nameKey'> => ({
  list: everything,
  nameKey: sortKey(name),
});

/** What a client may be shown of an item, not yet masked. */
export const customerOf = (item: CustomerItem): Customer =>
  customer.parse({ ...item, masked: false });
