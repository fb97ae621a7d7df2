import { type Customer, customerId, customerQuery } from '../schemas/customer.ts';
import type { Caller } from '../shared/caller.ts';
import { type CustomerItem, customerItem, customerOf } from '../shared/customer-item.ts';
import { type Handle, signedIn } from '../shared/http.ts';
import { masked } from '../shared/masked.ts';
import { page } from '../shared/pages.ts';
import { HttpProblem, read } from '../shared/problem.ts';
import { getItem, type Table } from '../shared/table.ts';
import { folded } from '../shared/text.ts';

interface Reading {
  readonly customers: Table;
}

/** Administrators see all of a customer, everybody else the masked one. */
const shownTo = ({ administrator }: Caller, item: CustomerItem): Customer => {
  const customer = customerOf(item);
  return administrator ? customer : masked(customer);
};

/** Looks only at what nobody is denied: a search must not tell what a mask hides. */
const filterOf = (
  q: string | undefined,
  country: string | undefined,
): ((item: CustomerItem) => boolean) | undefined => {
  if (q === undefined && country === undefined) return undefined;
  const [part, from] = [folded(q ?? ''), folded(country ?? '')];
  return (item) =>
    [item.name, item.company ?? ''].some((field) => folded(field).includes(part)) &&
    (country === undefined || folded(item.country ?? '') === from);
};

/** `GET /customers`: a page, by name. */
export const listCustomers =
  ({ customers }: Reading): Handle =>
  async (request) => {
    const caller = signedIn(request);
    const { limit, cursor, q, country } = read(customerQuery, request.query, 'query');
    const found = await page({
      table: customers,
      index: 'byName',
      by: 'nameKey',
      descending: false,
      item: customerItem,
      sortValue: ({ nameKey }) => nameKey,
      accepts: filterOf(q, country),
      limit,
      cursor,
      asked: ['customers', q, country],
    });
    return {
      status: 200,
      body: { items: found.items.map((item) => shownTo(caller, item)), cursor: found.cursor },
    };
  };

/** `GET /customers/{id}` */
export const readCustomer =
  ({ customers }: Reading): Handle =>
  async (request) => {
    const caller = signedIn(request);
    const id = customerId.safeParse(request.path.id);
    const item = id.success ? await getItem(customerItem, customers, { id: id.data }) : undefined;
    if (item === undefined) throw new HttpProblem(404, 'There is no such customer.');
    return { status: 200, body: shownTo(caller, item) };
  };
