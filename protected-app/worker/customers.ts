import { BatchGetItemCommand, type KeysAndAttributes } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Customer } from '../schemas/customer.ts';
import { customerItem, customerOf } from '../shared/customer-item.ts';
import { maskCustomer } from '../shared/masked.ts';
import type { TableHandle } from '../shared/table.ts';

const maxAttempts = 4;

/**
 * Reads the customers with these ids, as the asker may see them, in the order of the ids. Unknown
 * ids are left out.
 */
export const customerReader =
  ({ client, name }: TableHandle) =>
  async (ids: readonly string[], administrator: boolean): Promise<readonly Customer[]> => {
    const customersById = new Map<string, Customer>();
    let missingKeys: KeysAndAttributes | undefined =
      ids.length > 0 ? { Keys: ids.map((id) => ({ id: { S: id } })) } : undefined;
    for (let attempt = 0; missingKeys !== undefined; attempt += 1) {
      if (attempt === maxAttempts)
        throw new Error('the table did not return all customers that were requested');
      if (attempt > 0) await new Promise((done) => setTimeout(done, 50 * 2 ** attempt));
      const { Responses = {}, UnprocessedKeys = {} } = await client.send(
        new BatchGetItemCommand({ RequestItems: { [name]: missingKeys } }),
      );
      for (const attributes of Responses[name] ?? []) {
        const customer = customerOf(customerItem.parse(unmarshall(attributes)));
        customersById.set(customer.id, administrator ? customer : maskCustomer(customer));
      }
      missingKeys = UnprocessedKeys[name];
    }
    return ids.flatMap((id) => customersById.get(id) ?? []);
  };
