import { BatchGetItemCommand, type KeysAndAttributes } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Customer } from '../schemas/customer.ts';
import { customerItem, customerOf } from '../shared/customer-item.ts';
import { masked } from '../shared/masked.ts';
import type { Table } from '../shared/table.ts';

const tries = 4;

/**
 * The customers with these ids, as the asker may see them, in the order of the ids; those that are
 * not there are left out.
 */
export const customersFor =
  ({ client, name }: Table) =>
  async (ids: readonly string[], administrator: boolean): Promise<readonly Customer[]> => {
    const found = new Map<string, Customer>();
    let left: KeysAndAttributes | undefined =
      ids.length > 0 ? { Keys: ids.map((id) => ({ id: { S: id } })) } : undefined;
    for (let tried = 0; left !== undefined; tried += 1) {
      if (tried === tries) throw new Error('the table gave not all customers that were asked for');
      if (tried > 0) await new Promise((done) => setTimeout(done, 50 * 2 ** tried));
      const { Responses = {}, UnprocessedKeys = {} } = await client.send(
        new BatchGetItemCommand({ RequestItems: { [name]: left } }),
      );
      for (const item of Responses[name] ?? []) {
        const customer = customerOf(customerItem.parse(unmarshall(item)));
        found.set(customer.id, administrator ? customer : masked(customer));
      }
      left = UnprocessedKeys[name];
    }
    return ids.flatMap((id) => found.get(id) ?? []);
  };
