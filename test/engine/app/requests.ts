// A request for every route that would succeed for whoever may make it, with what it needs made
// before.
import { randomUUID } from 'node:crypto';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { clientConfig } from '../../../local/engine/clients.ts';
import { customerKeys } from '../../../protected-app/shared/customer-item.ts';
import type { Call, DeployedApp } from './deployed.ts';

export type Ready = Omit<Call, 'token'> & { readonly path: string };

export const productBody = (fields: Readonly<Record<string, unknown>> = {}) => ({
  sku: `P-${randomUUID().slice(0, 8).toUpperCase()}`,
  name: 'Bolt',
  description: '',
  category: 'Fasteners',
  price: { amount: 120, currency: 'EUR' },
  stock: 1,
  components: [],
  ...fields,
});

const idOf = (json: unknown): string => {
  if (typeof json === 'object' && json !== null && 'id' in json && typeof json.id === 'string')
    return json.id;
  throw new Error(`no id in ${JSON.stringify(json)}`);
};

/** The product or question of the standard user. */
export const made = async (
  { call, tokens }: DeployedApp,
  path: string,
  body: unknown,
): Promise<string> => idOf((await call('POST', path, { token: tokens.standard, body })).json);

const customer = '003000000000001AAA';
const putCustomer = (app: DeployedApp): Promise<unknown> =>
  new DynamoDBClient(clientConfig(app)).send(
    new PutItemCommand({
      TableName: app.output('CustomersTableName'),
      Item: marshall({
        ...{
          id: customer,
          name: 'Ada Example',
          company: 'Example',
          title: null,
          email: 'ada@example.com',
          phone: null,
          street: null,
        },
        ...{
          postalCode: null,
          city: null,
          country: 'GB',
          modifiedAt: '2026-11-01T00:00:00.000Z',
          version: 1,
        },
        ...customerKeys('Ada Example'),
      }),
    }),
  );

const product = async (app: DeployedApp): Promise<string> =>
  `/products/${await made(app, '/products', productBody())}`;

let run: Promise<string> | undefined;
/** One run at a time: whoever comes first starts it. */
const runOf = ({ call, tokens }: DeployedApp): Promise<string> => {
  run ??= call('POST', '/salesforce/sync', { token: tokens.administrator }).then(({ json }) =>
    idOf(json),
  );
  return run;
};

/** By method and path of routes.ts. */
export const requests: Readonly<Record<string, (app: DeployedApp) => Promise<Ready>>> = {
  'POST /products': async () => ({ path: '/products', body: productBody() }),
  'GET /products': async () => ({ path: '/products' }),
  'GET /products/{id}': async (app) => ({ path: await product(app) }),
  'PUT /products/{id}': async (app) => ({
    path: await product(app),
    body: productBody(),
    headers: { 'If-Match': '"1"' },
  }),
  'DELETE /products/{id}': async (app) => ({ path: await product(app) }),
  'GET /customers': async () => ({ path: '/customers' }),
  'GET /customers/{id}': async (app) => {
    await putCustomer(app);
    return { path: `/customers/${customer}` };
  },
  'POST /ai/query': async () => ({
    path: '/ai/query',
    body: { question: 'How many customers are in London?' },
  }),
  'GET /ai/query/{id}': async (app) => ({
    path: `/ai/query/${await made(app, '/ai/query', { question: 'Who buys bolts?' })}`,
  }),
  'GET /ai/queries': async () => ({ path: '/ai/queries' }),
  'GET /ai/budget': async () => ({ path: '/ai/budget' }),
  'POST /salesforce/sync': async () => ({ path: '/salesforce/sync' }),
  'GET /salesforce/sync': async (app) => {
    await runOf(app);
    return { path: '/salesforce/sync' };
  },
  'GET /salesforce/sync/{id}': async (app) => ({ path: `/salesforce/sync/${await runOf(app)}` }),
  'GET /status': async () => ({ path: '/status' }),
};
