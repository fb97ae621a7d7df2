// What an identity of the account can do that invokes a function itself, with an event that looks
// like the gateway's.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Route, routes, tokenVerifiers } from '../../../../protected-app/routes.ts';
import type { GatewayEvent } from '../../../../protected-app/shared/api-request.ts';
import type { GatewayResponse } from '../../../../protected-app/shared/http.ts';
import {
  administratorClaims,
  forgedTokens,
  startUserPool,
  tokenWith,
} from '../../../support/protected-app/tokens.ts';

type Handler = (event: GatewayEvent) => Promise<GatewayResponse>;

const environment = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_MAX_ATTEMPTS: '1',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  APP_ORIGIN: 'https://app.example.test',
  APP_FUNCTION: 'Test',
  APP_VERSION: '1.2.3',
  APP_AI: JSON.stringify({
    provider: 'openai',
    model: 'm',
    dailyTokens: 1_000,
    dailyTokensOfAll: 10_000,
    maxOutputTokens: 100,
  }),
  APP_TABLE_PRODUCTS: 'products',
  APP_TABLE_CUSTOMERS: 'customers',
  APP_TABLE_QUERIES: 'queries',
  APP_TABLE_BUDGETS: 'budgets',
  APP_TABLE_SYNC_RUNS: 'runs',
  APP_TABLE_IDEMPOTENCY: 'idempotency',
  APP_QUESTION_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/000000000000/questions',
  APP_PUSH_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/000000000000/pushes',
};

const modules: Readonly<Record<string, () => Promise<{ readonly handler: Handler }>>> = {
  ProductService: () => import('../../../../protected-app/handlers/product-service.ts'),
  ScanService: () => import('../../../../protected-app/handlers/scan-service.ts'),
  RemoveProduct: () => import('../../../../protected-app/handlers/remove-product.ts'),
  CustomerService: () => import('../../../../protected-app/handlers/customer-service.ts'),
  AIAgent: () => import('../../../../protected-app/handlers/ai-agent.ts'),
  AIQueryStatus: () => import('../../../../protected-app/handlers/ai-query-status.ts'),
  SalesforceSync: () => import('../../../../protected-app/handlers/salesforce-sync.ts'),
};

let pool: Awaited<ReturnType<typeof startUserPool>>;
const handlers = new Map<string, Handler>();
beforeAll(async () => {
  pool = await startUserPool();
  Object.assign(process.env, environment);
  for (const [name, load] of Object.entries(modules)) handlers.set(name, (await load()).handler);
});
afterAll(() => pool.stop());

const guarded = routes.filter(({ audience }) => audience !== 'everybody');

/** Everything that the gateway adds to an event for an administrator, as anybody can write it. */
const forgedEvent = ({ method, path }: Route, headers: Readonly<Record<string, string>>) => ({
  httpMethod: method,
  resource: path,
  headers,
  pathParameters: { id: '00000000-0000-4000-8000-000000000000' },
  queryStringParameters: null,
  body: null,
  requestContext: {
    requestId: 'forged',
    authorizer: {
      claims: { sub: administratorClaims().sub, 'cognito:groups': 'administrators' },
      sub: administratorClaims().sub,
      groups: 'administrators',
    },
  },
});

const send = async (route: Route, headers: Readonly<Record<string, string>>) => {
  const handler = handlers.get(route.function);
  if (handler === undefined) throw new Error(`no handler of ${route.function}`);
  const { statusCode, body } = await handler(forgedEvent(route, headers));
  return [statusCode, JSON.parse(body).title];
};

it('every function with a route for people who are signed in is tried', () => {
  expect([...handlers.keys(), 'AdminAuthorizer'].sort()).toEqual([...tokenVerifiers].sort());
});

it.each(guarded.map((route) => [`${route.method} ${route.path}`, route] as const))(
  '%s: claims that only the event holds are believed by no function',
  async (_name, route) => {
    expect(await send(route, {})).toEqual([401, 'Not signed in']);
  },
);

it.each(Object.keys(forgedTokens))('a token makes no caller: %s', async (name) => {
  const route = guarded.find(({ function: served }) => served === 'RemoveProduct');
  if (route === undefined) throw new Error('no route of RemoveProduct');
  const authorization = String(forgedTokens[name]?.());
  expect(await send(route, { Authorization: authorization })).toEqual([401, 'Not signed in']);
});

it('a real token counts for what it says, whatever the event claims beside it', async () => {
  const standard = tokenWith({ claims: { 'cognito:groups': ['standard-users'] } });
  const forAdministrators = guarded.filter(({ audience }) => audience === 'administrators');
  for (const route of forAdministrators)
    expect(await send(route, { authorization: `Bearer ${standard}` })).toEqual([
      403,
      'Not allowed',
    ]);
});
