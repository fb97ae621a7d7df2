import * as z from 'zod';
import { type Customer, customer } from '../schemas/customer.ts';
import { listPartition } from '../tables.ts';
import { sortKey } from './text.ts';

/**
 * A customer as it is stored. The copy from Salesforce and the seed write it; the API and the AI
 * worker read it.
 */
export const customerItem = customer.omit({ masked: true }).extend({
  list: z.literal(listPartition),
  nameKey: z.string(),
  /** Counts the application's own writes, so that they can be conditional. */
  version: z.int().min(1),
  /**
   * Present while the change is not yet in Salesforce: the index `pending` holds these items only.
   */
  pending: z.literal('yes').optional(),
  /** When the application changed it; present whenever `pending` is. */
  changedAt: z.iso.datetime().optional(),
});

export type CustomerItem = z.infer<typeof customerItem>;

/** The index keys that follow from the name. */
export const customerKeys = (name: string): Pick<CustomerItem, 'list' | 'nameKey'> => ({
  list: listPartition,
  nameKey: sortKey(name),
});

/** The part of an item that clients see, not yet masked. */
export const customerOf = (item: CustomerItem): Customer =>
  customer.parse({ ...item, masked: false });
