import type { components } from '@contract';
import type { Received } from '@kit/api/call.ts';
import type { CursorPage } from '@kit/api/cursor-list.ts';
import { api, received } from './api.ts';

type Schemas = components['schemas'];
export type Product = Schemas['Product'];
export type ProductInput = Schemas['ProductInput'];
export type Customer = Schemas['Customer'];
export type Question = Schemas['AiQuery'];
export type SyncRun = Schemas['SyncRun'];

interface Paging {
  readonly cursor: string | undefined;
  readonly signal?: AbortSignal;
}

const pageSize = 50;

export const productSorts = [
  'name',
  '-name',
  'price',
  '-price',
  'updatedAt',
  '-updatedAt',
] as const;
export type ProductSort = (typeof productSorts)[number];

/** `undefined` members left out, as the types of the client want them. */
const given = <Query extends object>(query: Query) =>
  Object.fromEntries(
    Object.entries(query).filter(([, text]) => text !== undefined && text !== ''),
  ) as { [Name in keyof Query]?: Exclude<Query[Name], undefined> };

export const readProducts = async (
  { q, sort }: { readonly q: string; readonly sort: ProductSort },
  { cursor, signal }: Paging,
): Promise<CursorPage<Product>> => {
  const query = { ...given({ q, cursor }), sort, limit: pageSize };
  const options = { params: { query }, ...(signal && { signal }) };
  return (await received({ method: 'GET', path: '/products' }, api.GET('/products', options))).body;
};

export const readProduct = async (id: string): Promise<Product> => {
  const call = api.GET('/products/{id}', { params: { path: { id } } });
  return (await received({ method: 'GET', path: '/products' }, call)).body;
};

/** The same key makes nothing twice, however often a person presses the button. */
export const createProduct = async (body: ProductInput, key: string): Promise<Product> => {
  const call = api.POST('/products', { params: { header: { 'Idempotency-Key': key } }, body });
  return (await received({ method: 'POST', path: '/products' }, call)).body;
};

/** Changes the version that was read, and no other. */
export const changeProduct = async (
  { id, version }: Pick<Product, 'id' | 'version'>,
  body: ProductInput,
): Promise<Product> => {
  const params = { path: { id }, header: { 'If-Match': `"${version}"` } };
  const call = api.PUT('/products/{id}', { params, body });
  return (await received({ method: 'PUT', path: '/products' }, call)).body;
};

export const removeProduct = async (id: string): Promise<void> => {
  const call = api.DELETE('/products/{id}', { params: { path: { id } } });
  await received({ method: 'DELETE', path: '/products' }, call);
};

export const readCustomers = async (
  { q, country }: { readonly q: string; readonly country: string },
  { cursor, signal }: Paging,
): Promise<CursorPage<Customer>> => {
  const query = { ...given({ q, country, cursor }), limit: pageSize };
  const options = { params: { query }, ...(signal && { signal }) };
  return (await received({ method: 'GET', path: '/customers' }, api.GET('/customers', options)))
    .body;
};

export const readCustomer = async (id: string): Promise<Customer> => {
  const call = api.GET('/customers/{id}', { params: { path: { id } } });
  return (await received({ method: 'GET', path: '/customers' }, call)).body;
};

export const askQuestion = async (
  question: string,
  customerIds: readonly string[],
): Promise<{ readonly id: string }> => {
  const call = api.POST('/ai/query', { body: { question, customerIds: [...customerIds] } });
  return (await received({ method: 'POST', path: '/ai/query' }, call)).body;
};

export const readQuestion = (id: string): Promise<Received<Question>> =>
  received(
    { method: 'GET', path: '/ai/query' },
    api.GET('/ai/query/{id}', { params: { path: { id } } }),
  );

export const readQuestions = async ({ cursor, signal }: Paging): Promise<CursorPage<Question>> => {
  const query = { ...given({ cursor }), limit: 25 };
  const options = { params: { query }, ...(signal && { signal }) };
  return (await received({ method: 'GET', path: '/ai/queries' }, api.GET('/ai/queries', options)))
    .body;
};

export const startSync = async (): Promise<SyncRun> =>
  (
    await received(
      { method: 'POST', path: '/salesforce/sync' },
      api.POST('/salesforce/sync', { body: {} }),
    )
  ).body;

export const readSyncRun = async (id: string): Promise<SyncRun> => {
  const call = api.GET('/salesforce/sync/{id}', { params: { path: { id } } });
  return (await received({ method: 'GET', path: '/salesforce/sync' }, call)).body;
};

/** The run that was started last, by whomever. */
export const readLatestSync = async (): Promise<SyncRun> =>
  (await received({ method: 'GET', path: '/salesforce/sync' }, api.GET('/salesforce/sync'))).body;

export const readBudget = async (): Promise<Schemas['AiBudget']> =>
  (await received({ method: 'GET', path: '/ai/budget' }, api.GET('/ai/budget'))).body;
