import type * as z from 'zod';
import type { AppFunctionName } from './functions.ts';
import {
  accepted,
  aiBudget,
  aiQuery,
  aiQueryPage,
  aiQueryQuery,
  queryPath,
  question,
} from './schemas/ai.ts';
import { customer, customerPage, customerPath, customerQuery } from './schemas/customer.ts';
import { idempotencyKey, ifMatch } from './schemas/headers.ts';
import {
  product,
  productInput,
  productPage,
  productPath,
  productQuery,
} from './schemas/product.ts';
import { runPath, syncRequest, syncRun } from './schemas/salesforce.ts';
import { status } from './schemas/status.ts';

/** Who may call a route. What a route shows and allows beyond that, its function decides. */
export type RouteAudience = 'everybody' | 'signed-in' | 'administrators';

export interface RouteReply {
  readonly description: string;
  readonly body?: z.ZodType;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: `/${string}`;
  readonly function: AppFunctionName;
  readonly audience: RouteAudience;
  readonly summary: string;
  /** The parameters of the path. */
  readonly pathParameters?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: Readonly<Record<string, z.ZodString>>;
  readonly body?: z.ZodType;
  /** The successful responses. */
  readonly replies: Readonly<Record<number, RouteReply>>;
  /** By status, beside those that every route has (openapi.ts). */
  readonly problems: readonly number[];
}

/** Whether the gateway must demand a body. If `{}` is valid, the function decides. */
export const needsBody = ({ body }: Pick<Route, 'body'>): boolean =>
  body !== undefined && !body.safeParse({}).success;

const etagHeader = { ETag: 'The version; send it as If-Match to change this one and no other.' };
const relativePath = 'Its path, below the address of the API.';
const pollHeaders = {
  Location: `Where its state is. ${relativePath}`,
  'Retry-After': 'Seconds to wait before asking.',
};

/**
 * The contract of the API. The gateway, the OpenAPI document and the tests are made from this list.
 */
export const routes: readonly Route[] = [
  {
    method: 'POST',
    path: '/products',
    function: 'ProductService',
    audience: 'signed-in',
    summary: 'Create a product',
    headers: { 'Idempotency-Key': idempotencyKey },
    body: productInput,
    replies: {
      201: {
        description: 'Created',
        body: product,
        headers: { ...etagHeader, Location: `The new product. ${relativePath}` },
      },
    },
    problems: [400, 409, 422],
  },
  {
    method: 'GET',
    path: '/products',
    function: 'ScanService',
    audience: 'signed-in',
    summary: 'A page of products',
    query: productQuery,
    replies: { 200: { description: 'A page', body: productPage } },
    problems: [400],
  },
  {
    method: 'GET',
    path: '/products/{id}',
    function: 'ScanService',
    audience: 'signed-in',
    summary: 'One product',
    pathParameters: productPath,
    replies: { 200: { description: 'The product', body: product, headers: etagHeader } },
    problems: [404],
  },
  {
    method: 'PUT',
    path: '/products/{id}',
    function: 'ProductService',
    audience: 'signed-in',
    summary: 'Change a product; for administrators and its creator',
    pathParameters: productPath,
    headers: { 'If-Match': ifMatch },
    body: productInput,
    replies: { 200: { description: 'Changed', body: product, headers: etagHeader } },
    problems: [400, 404, 409, 412, 422, 428],
  },
  {
    method: 'DELETE',
    path: '/products/{id}',
    function: 'RemoveProduct',
    audience: 'administrators',
    summary: 'Remove a product that nothing refers to',
    pathParameters: productPath,
    replies: { 204: { description: 'Removed' } },
    problems: [404, 409],
  },
  {
    method: 'GET',
    path: '/customers',
    function: 'CustomerService',
    audience: 'signed-in',
    summary: 'A page of customers; personal fields are masked for standard users',
    query: customerQuery,
    replies: { 200: { description: 'A page', body: customerPage } },
    problems: [400],
  },
  {
    method: 'GET',
    path: '/customers/{id}',
    function: 'CustomerService',
    audience: 'signed-in',
    summary: 'One customer; personal fields are masked for standard users',
    pathParameters: customerPath,
    replies: { 200: { description: 'The customer', body: customer } },
    problems: [404],
  },
  {
    method: 'POST',
    path: '/ai/query',
    function: 'AIAgent',
    audience: 'signed-in',
    summary: 'Ask a question; the answer comes later',
    body: question,
    replies: { 202: { description: 'Queued', body: accepted, headers: pollHeaders } },
    problems: [400],
  },
  {
    method: 'GET',
    path: '/ai/query/{id}',
    function: 'AIQueryStatus',
    audience: 'signed-in',
    summary: 'The state of a question; for its author and administrators',
    pathParameters: queryPath,
    replies: {
      200: {
        description: 'The question, and its answer once there is one',
        body: aiQuery,
        headers: {
          'Retry-After': 'Only while it is not finished: seconds to wait before asking again.',
        },
      },
    },
    problems: [404],
  },
  {
    method: 'GET',
    path: '/ai/queries',
    function: 'AIQueryStatus',
    audience: 'signed-in',
    summary: 'Your own questions, newest first',
    query: aiQueryQuery,
    replies: { 200: { description: 'A page', body: aiQueryPage } },
    problems: [400],
  },
  {
    method: 'GET',
    path: '/ai/budget',
    function: 'AIAgent',
    audience: 'signed-in',
    summary: 'The tokens that you may still use today',
    replies: { 200: { description: 'The budget', body: aiBudget } },
    problems: [],
  },
  {
    method: 'POST',
    path: '/salesforce/sync',
    function: 'SalesforceSync',
    audience: 'administrators',
    summary: 'Push what changed here to Salesforce; one run at a time',
    body: syncRequest,
    replies: { 202: { description: 'Started', body: syncRun, headers: pollHeaders } },
    problems: [400, 409],
  },
  {
    method: 'GET',
    path: '/salesforce/sync',
    function: 'SalesforceSync',
    audience: 'administrators',
    summary: 'The run that was started last',
    replies: { 200: { description: 'The run', body: syncRun } },
    problems: [404],
  },
  {
    method: 'GET',
    path: '/salesforce/sync/{id}',
    function: 'SalesforceSync',
    audience: 'administrators',
    summary: 'The state of a run, and what it did',
    pathParameters: runPath,
    replies: { 200: { description: 'The run', body: syncRun } },
    problems: [404],
  },
  {
    method: 'GET',
    path: '/status',
    function: 'StatusService',
    audience: 'everybody',
    summary: 'Whether the API is up',
    replies: { 200: { description: 'The API is up', body: status } },
    problems: [],
  },
];

/**
 * The functions that verify the access token of a request themselves: the authorizer, and every
 * function with a route for people who are signed in.
 */
export const tokenVerifiers: ReadonlySet<AppFunctionName> = new Set([
  'AdminAuthorizer',
  ...routes.flatMap((route) => (route.audience === 'everybody' ? [] : [route.function])),
]);
