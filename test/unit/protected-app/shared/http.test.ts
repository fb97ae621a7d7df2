import { expect, it } from 'vitest';
import { status } from '../../../../protected-app/api/status.ts';
import {
  type RouteHandler,
  requireAdministrator,
  requireSignedIn,
} from '../../../../protected-app/shared/http.ts';
import { HttpProblem } from '../../../../protected-app/shared/problem.ts';
import {
  administrator,
  gateway,
  origin,
  standard,
} from '../../../support/protected-app/gateway.ts';

const echo: RouteHandler = async ({ body }) => ({ status: 200, body: { body } });
const { call, lines } = gateway({
  'GET /status': status({ version: '1.2.3', now: () => 0 }),
  'POST /echo': echo,
  'GET /secret': async () => {
    throw new Error('table products-4711 is on fire');
  },
  'GET /busy': async () => {
    throw Object.assign(new Error('rate exceeded for products-4711'), {
      name: 'ThrottlingException',
    });
  },
  'GET /teapot': async () => {
    throw new HttpProblem(418, 'short and stout', { headers: { 'Retry-After': '9' } });
  },
  'GET /me': async (request) => ({ status: 200, body: requireSignedIn(request) }),
  'GET /admin': async (request) => ({ status: 200, body: requireAdministrator(request) }),
  'DELETE /thing': async () => ({ status: 204 }),
});

it('every answer is for one origin, kept nowhere, guessed by nobody and shown in no frame', async () => {
  for (const route of [
    'GET /status',
    'GET /secret',
    'GET /teapot',
    'GET /nowhere',
    'DELETE /thing',
  ]) {
    expect((await call(route)).headers).toMatchObject({
      'Access-Control-Allow-Origin': origin,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    });
  }
});

it('where AWS has no room the client is asked to come again, and we are told', async () => {
  lines.length = 0;
  const answer = await call('GET /busy');
  expect(answer).toMatchObject({ status: 503, headers: { 'Retry-After': '2' } });
  expect(answer.text).not.toContain('4711');
  expect(lines.flat().some((part) => part instanceof Error && part.message.includes('4711'))).toBe(
    true,
  );
});

it('a mistake of ours is told to us in full, and to the client as a number', async () => {
  lines.length = 0;
  const answer = await call('GET /secret');
  expect([answer.status, answer.text.includes('4711')]).toEqual([500, false]);
  expect(answer.body).toMatchObject({
    requestId: 'request-1',
    title: 'Internal error',
    detail:
      'Internal error. The request was not processed; try again, and quote the request id if it persists.',
  });
  expect(lines.flat().some((part) => part instanceof Error && part.message.includes('4711'))).toBe(
    true,
  );
});

it('a problem keeps its status and its headers', async () => {
  const { status: code, headers, body } = await call('GET /teapot');
  expect([code, headers['Retry-After'], body.detail]).toEqual([418, '9', 'short and stout']);
});

it('an unknown route is a 404, an answer without a body has no type', async () => {
  expect((await call('GET /nowhere')).status).toBe(404);
  const { status: code, text, headers } = await call('DELETE /thing');
  expect([code, text, headers['Content-Type']]).toEqual([204, '', undefined]);
});

it('JSON is read as it is, also with a field that JavaScript has a meaning for', async () => {
  const answer = await call('POST /echo', {
    raw: '{"__proto__":{"administrator":true},"a":[1,null]}',
  });
  expect(answer.text).toBe('{"body":{"__proto__":{"administrator":true},"a":[1,null]}}');
  expect((await call('POST /echo', { raw: '{"a":' })).status).toBe(400);
});

it.each([
  [undefined, 200],
  ['application/json', 200],
  ['Application/JSON; charset=utf-8', 200],
  ['text/plain', 415],
  ['application/x-www-form-urlencoded', 415],
  ['application/json-patch+json', 415],
  ['', 415],
])('a body of the type %j is a %i', async (type, status) => {
  const headers = type === undefined ? {} : { 'Content-Type': type };
  expect((await call('POST /echo', { headers, body: {} })).status).toBe(status);
  expect((await call('GET /me', { headers })).status).toBe(200);
});

it('knows who calls, and who is an administrator', async () => {
  expect((await call('GET /me')).body).toEqual({ sub: standard.sub, isAdministrator: false });
  expect((await call('GET /me', { as: null })).status).toBe(401);
  expect((await call('GET /admin')).status).toBe(403);
  expect((await call('GET /admin', { as: null })).status).toBe(401);
  expect((await call('GET /admin', { as: administrator })).status).toBe(200);
});

it.each([
  ['administrators', true],
  ['standard-users,administrators', true],
  ['not-administrators', false],
  ['administrators-of-nothing', false],
  ['', false],
])('the groups %j make an administrator: %s', async (groups, is) => {
  const { body } = await call('GET /me', { as: { sub: 's', groups } });
  expect(body).toEqual({ sub: 's', isAdministrator: is });
});

it('a function that verifies no tokens serves everybody and knows no caller', async () => {
  const open = gateway(
    {
      'GET /status': status({ version: '1.2.3', now: () => 0 }),
      'GET /me': async (request) => ({ status: 200, body: requireSignedIn(request) }),
    },
    { isPublic: true },
  );
  expect((await open.call('GET /status', { as: null })).body).toEqual({
    status: 'ok',
    version: '1.2.3',
    time: '1970-01-01T00:00:00.000Z',
  });
  expect((await open.call('GET /me')).status).toBe(401);
});
