import { LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { type Route, routes } from '../../../protected-app/routes.ts';
import { problem } from '../../../protected-app/schemas/problem.ts';
import { type Answer, borrowedApp, type DeployedApp } from './deployed.ts';
import { made, productBody, type Ready, requests } from './requests.ts';
import { asThePoolWould, forgeries, idToken } from './tokens.ts';

let app: DeployedApp;
let strangers: Readonly<Record<string, string | null>>;
beforeAll(async () => {
  app = await borrowedApp('routes');
  // A run that is started stays at its start: nothing is pushed anywhere.
  const held = {
    FunctionName: app.output('SalesforcePushFunctionName'),
    ReservedConcurrentExecutions: 0,
  };
  await new LambdaClient(clientConfig(app)).send(new PutFunctionConcurrencyCommand(held));
  strangers = {
    'no token': null,
    ...Object.fromEntries(
      Object.entries(forgeries(app, app.tokens.administrator)).map(([what, token]) => [
        `a token ${what}`,
        token,
      ]),
    ),
    'an id token': await idToken(app, 'id-token@example.com'),
  };
});

const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;
const table = routes.map((route) => [nameOf(route), route] as const);
const good = ({ replies }: Route): number => Number(Object.keys(replies)[0]);

const ready = (name: string): Promise<Ready> => {
  const make = requests[name];
  if (!make) throw new Error(`no request is known for ${name}`);
  return make(app);
};

/** Makes what the request needs; the request itself can then be sent by anybody. */
const prepared = async (route: Route): Promise<(token: string | null) => Promise<Answer>> => {
  const { path, ...options } = await ready(nameOf(route));
  return (token) => app.call(route.method, path, { ...options, token });
};

/** Every refusal says what and to whom, in one shape, to the pages of one origin. */
const refused = (answer: Answer, status: number, type = 'about:blank'): void => {
  expect(answer.status).toBe(status);
  expect(problem.parse(answer.json)).toMatchObject({ status, type });
  expect(answer.headers).toMatchObject({
    'content-type': 'application/problem+json',
    'access-control-allow-origin': app.output('Origin'),
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
};

it('there is a request for every route', () => {
  expect(Object.keys(requests).sort()).toEqual(table.map(([name]) => name).sort());
});

// Only one run of Salesforce can be started at a time: it has a test of its own.
describe.each(table.filter(([name]) => name !== 'POST /salesforce/sync'))('%s', (_name, route) => {
  it('who is not signed in gets a 401, whatever was sent instead of an access token', async () => {
    const ask = await prepared(route);
    for (const [what, token] of Object.entries(strangers)) {
      const answer = await ask(token);
      if (route.audience === 'everybody') expect.soft(answer.status, what).toBe(good(route));
      else refused(answer, 401);
    }
  });

  it('a standard user', async () => {
    const answer = await (await prepared(route))(app.tokens.standard);
    if (route.audience === 'administrators') refused(answer, 403);
    else expect(answer.status).toBe(good(route));
  });

  it('an administrator', async () => {
    const answer = await (await prepared(route))(app.tokens.administrator);
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([
      good(route),
      app.output('Origin'),
    ]);
  });
});

describe('POST /salesforce/sync', () => {
  const sync = (token: string | null) => app.call('POST', '/salesforce/sync', { token });

  it('is for administrators, one run at a time', async () => {
    for (const token of Object.values(strangers)) refused(await sync(token), 401);
    refused(await sync(app.tokens.standard), 403);
    const { path } = await ready('GET /salesforce/sync/{id}');
    expect((await app.call('GET', path, { token: app.tokens.administrator })).json).toMatchObject({
      state: 'queued',
    });
    refused(await sync(app.tokens.administrator), 409);
  });
});

describe('what belongs to somebody else', () => {
  let other: string;
  beforeAll(async () => {
    other = await app.join('other@example.com', 'standard');
  });

  it('a product of somebody else can be read and not changed', async () => {
    const path = `/products/${await made(app, '/products', productBody())}`;
    const change = { body: productBody(), headers: { 'If-Match': '"1"' } };

    expect((await app.call('GET', path, { token: other })).status).toBe(200);
    refused(await app.call('PUT', path, { ...change, token: other }), 403);
    expect(
      (await app.call('PUT', path, { ...change, token: app.tokens.administrator })).status,
    ).toBe(200);
  });

  it('a question of somebody else is not there, but for administrators', async () => {
    const path = `/ai/query/${await made(app, '/ai/query', { question: 'Mine?' })}`;

    refused(await app.call('GET', path, { token: other }), 404);
    expect((await app.call('GET', '/ai/queries', { token: other })).json).toEqual({
      items: [],
      cursor: null,
    });
    expect((await app.call('GET', path, { token: app.tokens.administrator })).status).toBe(200);
  });
});

describe('a token of the same pool', () => {
  it('of another client is none for administrators', async () => {
    const token = asThePoolWould(app, app.tokens.administrator, { client_id: 'another-client' });
    refused(await app.call('DELETE', '/products/1', { token }), 401);
  });

  it('without the scope that only a sign-in gives is refused', async () => {
    const token = asThePoolWould(app, app.tokens.administrator, { scope: 'openid' });
    refused(await app.call('GET', '/products', { token }), 401);
  });

  it('of somebody who has lost the group is that of a standard user', async () => {
    const token = asThePoolWould(app, app.tokens.administrator, {
      'cognito:groups': ['standard-users'],
    });
    refused(await app.call('DELETE', '/products/1', { token }), 403);
  });

  it('works as the gateway would have signed it, or the refusals above prove nothing', async () => {
    const token = asThePoolWould(app, app.tokens.administrator, {});
    expect((await app.call('GET', '/products', { token })).status).toBe(200);
    expect(
      (await app.call('DELETE', '/products/00000000-0000-4000-8000-000000000000', { token }))
        .status,
    ).toBe(404);
  });
});

describe('beside the routes', () => {
  it('a path or method that does not exist is a 404', async () => {
    refused(await app.call('GET', '/nothing', { token: app.tokens.standard }), 404);
    refused(await app.call('PATCH', '/products', { token: app.tokens.standard, body: {} }), 404);
  });

  it('a body that is no JSON object is refused before any function runs', async () => {
    for (const body of ['[]', '"text"', 'not json', ''])
      refused(await app.call('POST', '/products', { token: app.tokens.standard, body }), 400);
  });

  it('a browser of any origin is told the one whose pages may call, and the methods that the path has', async () => {
    const { status, headers } = await app.call('OPTIONS', '/products/1', {
      headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'DELETE' },
    });
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': app.output('Origin'),
      'access-control-allow-methods': 'GET,PUT,DELETE',
      'access-control-allow-headers': 'Authorization,Content-Type,If-Match',
    });
    expect(headers['access-control-allow-credentials']).toBeUndefined();
  });
});

it('while a function is held its routes say so, and the others go on', async () => {
  const hold = (ReservedConcurrentExecutions: number) =>
    new LambdaClient(clientConfig(app)).send(
      new PutFunctionConcurrencyCommand({
        FunctionName: 'ProductService',
        ReservedConcurrentExecutions,
      }),
    );
  const create = () =>
    app.call('POST', '/products', { token: app.tokens.standard, body: productBody() });

  await hold(0);
  const held = await create();
  const neighbour = await app.call('GET', '/products', { token: app.tokens.standard });
  await hold(20);

  refused(held, 503, 'urn:problem:stopped');
  expect(held.headers['retry-after']).toBe('60');
  expect(neighbour.status).toBe(200);
  expect((await create()).status).toBe(201);
});

it('a request has one id: in the answer, and in what the function says', async () => {
  const { headers, json } = await app.call(
    'GET',
    '/products/00000000-0000-4000-8000-000000000000',
    { token: app.tokens.standard },
  );
  expect(problem.parse(json).requestId).toBe(headers['x-amzn-requestid']);
});
