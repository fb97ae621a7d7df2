import type * as z from 'zod';
import type { AppFunctionName } from './functions.ts';
import { accepted, aiQuery, aiQueryPage, aiQueryQuery, question } from './schemas/ai.ts';
import { customer, customerPage, customerQuery } from './schemas/customer.ts';
import { product, productInput, productPage, productQuery } from './schemas/product.ts';
import { syncRequest, syncRun } from './schemas/salesforce.ts';
import { status } from './schemas/status.ts';

/**
 * Who may call: everybody, whoever is signed in, or administrators. What a route shows and allows
 * beyond that, its function decides.
 */
export type Who = 'everybody' | 'signed-in' | 'administrators';

export interface Reply {
  readonly description: string;
  readonly body?: z.ZodType;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: `/${string}`;
  readonly function: AppFunctionName;
  readonly who: Who;
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: z.ZodType;
  /** The good answers. */
  readonly replies: Readonly<Record<number, Reply>>;
  /** By status; those that every route has are in openapi.ts. */
  readonly problems: readonly number[];
}

/** A body that may be empty need not be there, and is for the function to judge. */
export const needsBody = ({ body }: Pick<Route, 'body'>): boolean =>
  body !== undefined && !body.safeParse({}).success;

const etag = { ETag: 'The version; send it as If-Match to change this one and no other.' };
const below = 'Its path, below the address of the API.';
const poll = {
  Location: `Where to ask. ${below}`,
  'Retry-After': 'Seconds until asking makes sense.',
};

/**
 * The contract of the API, in one list: the gateway, the OpenAPI document and the tests are made
 * from it.
 */
export const routes: readonly Route[] = [
  {
    method: 'POST',
    path: '/products',
    function: 'ProductService',
    who: 'signed-in',
    summary: 'Create a product',
    headers: {
      'Idempotency-Key':
        'The same key and body within 24 hours give the same answer and create nothing twice.',
    },
    body: productInput,
    replies: {
      201: {
        description: 'Created',
        body: product,
        headers: { ...etag, Location: `The new product. ${below}` },
      },
    },
    problems: [400, 409, 422],
  },
  {
    method: 'GET',
    path: '/products',
    function: 'ScanService',
    who: 'signed-in',
    summary: 'A page of products',
    query: productQuery,
    replies: { 200: { description: 'A page', body: productPage } },
    problems: [400],
  },
  {
    method: 'GET',
    path: '/products/{id}',
    function: 'ScanService',
    who: 'signed-in',
    summary: 'One product',
    replies: { 200: { description: 'The product', body: product, headers: etag } },
    problems: [404],
  },
  {
    method: 'PUT',
    path: '/products/{id}',
    function: 'ProductService',
    who: 'signed-in',
    summary: 'Change a product; for administrators and whoever created it',
    headers: { 'If-Match': 'The ETag of the version that you have read.' },
    body: productInput,
    replies: { 200: { description: 'Changed', body: product, headers: etag } },
    problems: [400, 404, 409, 412, 422, 428],
  },
  {
    method: 'DELETE',
    path: '/products/{id}',
    function: 'RemoveProduct',
    who: 'administrators',
    summary: 'Remove a product that nothing refers to',
    replies: { 204: { description: 'Removed' } },
    problems: [404, 409],
  },
  {
    method: 'GET',
    path: '/customers',
    function: 'CustomerService',
    who: 'signed-in',
    summary: 'A page of customers; personal fields are masked for standard users',
    query: customerQuery,
    replies: { 200: { description: 'A page', body: customerPage } },
    problems: [400],
  },
  {
    method: 'GET',
    path: '/customers/{id}',
    function: 'CustomerService',
    who: 'signed-in',
    summary: 'One customer; personal fields are masked for standard users',
    replies: { 200: { description: 'The customer', body: customer } },
    problems: [404],
  },
  {
    method: 'POST',
    path: '/ai/query',
    function: 'AIAgent',
    who: 'signed-in',
    summary: 'Ask a question; the answer comes later',
    body: question,
    replies: { 202: { description: 'Queued', body: accepted, headers: poll } },
    problems: [400],
  },
  {
    method: 'GET',
    path: '/ai/query/{id}',
    function: 'AIQueryStatus',
    who: 'signed-in',
    summary: 'How far a question is; for who asked it and administrators',
    replies: {
      200: {
        description: 'The question, and its answer once there is one',
        body: aiQuery,
        headers: {
          'Retry-After': 'Only while there is no end: seconds until asking again makes sense.',
        },
      },
    },
    problems: [404],
  },
  {
    method: 'GET',
    path: '/ai/queries',
    function: 'AIQueryStatus',
    who: 'signed-in',
    summary: 'Your own questions, newest first',
    query: aiQueryQuery,
    replies: { 200: { description: 'A page', body: aiQueryPage } },
    problems: [400],
  },
  {
    method: 'POST',
    path: '/salesforce/sync',
    function: 'SalesforceSync',
    who: 'administrators',
    summary: 'Push what changed here to Salesforce; one run at a time',
    body: syncRequest,
    replies: { 202: { description: 'Started', body: syncRun, headers: poll } },
    problems: [400, 409],
  },
  {
    method: 'GET',
    path: '/salesforce/sync/{id}',
    function: 'SalesforceSync',
    who: 'administrators',
    summary: 'How far a run is, and what it did',
    replies: { 200: { description: 'The run', body: syncRun } },
    problems: [404],
  },
  {
    method: 'GET',
    path: '/status',
    function: 'StatusService',
    who: 'everybody',
    summary: 'Whether the API is there',
    replies: { 200: { description: 'It is', body: status } },
    problems: [],
  },
];
