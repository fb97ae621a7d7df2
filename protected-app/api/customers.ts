import { type Customer, customerPath, customerQuery } from '../schemas/customer.ts';
import type { ApiCaller } from '../shared/access-token.ts';
import { type CustomerItem, customerItem, customerOf } from '../shared/customer-item.ts';
import { type RouteHandler, requireSignedIn } from '../shared/http.ts';
import { maskCustomer } from '../shared/masked.ts';
import { readPage } from '../shared/pages.ts';
import { HttpProblem, read } from '../shared/problem.ts';
import { getItem, type TableHandle } from '../shared/table.ts';
import { foldText } from '../shared/text.ts';

interface CustomerReadDeps {
  readonly customers: TableHandle;
}

/** The customer as the caller may see it. */
const customerFor = ({ isAdministrator }: ApiCaller, item: CustomerItem): Customer => {
  const customer = customerOf(item);
  return isAdministrator ? customer : maskCustomer(customer);
};

/** Looks at unmasked fields only, so that a search reveals nothing that is masked. */
const customerFilter = (
  q: string | undefined,
  country: string | undefined,
): ((item: CustomerItem) => boolean) | undefined => {
  if (q === undefined && country === undefined) return undefined;
  const [searched, wantedCountry] = [foldText(q ?? ''), foldText(country ?? '')];
  return (item) =>
    [item.name, item.company ?? ''].some((field) => foldText(field).includes(searched)) &&
    (country === undefined || foldText(item.country ?? '') === wantedCountry);
};

/** `GET /customers`: a page, by name. */
export const listCustomers =
  ({ customers }: CustomerReadDeps): RouteHandler =>
  async (request) => {
    const caller = requireSignedIn(request);
    const { limit, cursor, q, country } = read(customerQuery, request.query, 'query');
    const customerPage = await readPage({
      table: customers,
      index: 'byName',
      sortAttribute: 'nameKey',
      descending: false,
      item: customerItem,
      sortKeyOf: ({ nameKey }) => nameKey,
      matches: customerFilter(q, country),
      limit,
      cursor,
      identity: ['customers', q, country],
    });
    return {
      status: 200,
      body: {
        items: customerPage.items.map((item) => customerFor(caller, item)),
        cursor: customerPage.cursor,
      },
    };
  };

/** `GET /customers/{id}` */
export const readCustomer =
  ({ customers }: CustomerReadDeps): RouteHandler =>
  async (request) => {
    const caller = requireSignedIn(request);
    const { id } = read(customerPath, request.path, 'path');
    const item = await getItem(customerItem, customers, { id });
    if (item === undefined) throw new HttpProblem(404, 'No customer has this id.');
    return { status: 200, body: customerFor(caller, item) };
  };
