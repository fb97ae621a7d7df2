// What a page makes of each answer that the API, or something before it, can give.
import { createServer, type ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import './packages.ts';

import { setUpApi } from '../../../console/pages/src/api/api.ts';
import { readNow } from '../../../console/pages/src/api/calls.ts';
import { createPinia, setActivePinia } from '../../../pages-kit/node_modules/pinia';
import { useConnection } from '../../../pages-kit/src/api/connection.ts';
import { ApiProblem } from '../../../pages-kit/src/api/problem.ts';
import { forget, keep } from '../../../pages-kit/src/session/tab-storage.ts';
import { setUpSite } from '../../../pages-kit/src/site.ts';

const storageKey = 'answers-test';
const session = {
  person: { id: '1', name: 'anna', email: 'anna@example.com', groups: ['approvers'] },
  token: { text: 'a-token', until: Number.MAX_SAFE_INTEGER },
};

let answer: (response: ServerResponse) => void;
const server = createServer((_request, response) => answer(response));
beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  // Node.js has no window that could tell when the network goes: nothing here sends its events.
  Object.assign(globalThis, { addEventListener: () => undefined });
  setActivePinia(createPinia());
  useConnection().back();
  setUpSite({ name: 'Test', storageKey, home: '/now', signsInBy: 'User name' });
  keep(storageKey, JSON.stringify(session));
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  setUpApi(`http://127.0.0.1:${port}`, { evidence: undefined });
});
afterEach(() => {
  forget(storageKey);
  vi.restoreAllMocks();
  Reflect.deleteProperty(globalThis, 'addEventListener');
});

const says =
  (status: number, type: string, body: string, more: Readonly<Record<string, string>> = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': type, ...more }).end(body);
  };
const problem = (status: number, detail: string, more: Readonly<Record<string, string>> = {}) =>
  says(status, 'application/problem+json', JSON.stringify({ title: 'No', detail }), more);
const html = '<html><body>Bad gateway</body></html>';
const unreadable = 'The application gave an answer that this page cannot read. Try again later.';

/** The problem of the call; a page shows its `detail` as the one sentence about it. */
const problemOf = async (): Promise<ApiProblem> => {
  const error: unknown = await readNow().then(
    () => new Error('the call has succeeded'),
    (failure: unknown) => failure,
  );
  if (error instanceof ApiProblem) return error;
  throw error;
};

describe('an answer that is no good one', () => {
  it.each([
    ['409', problem(409, 'It was asked anew.'), 409, 'It was asked anew.'],
    ['412', problem(412, 'Somebody has changed it.'), 412, 'Somebody has changed it.'],
    ['429', problem(429, 'Too many.', { 'retry-after': '7' }), 429, 'Too many.'],
    ['409 without a sentence', says(409, 'application/json', '{}'), 409, unreadable],
    ['HTML with 200', says(200, 'text/html', html), 0, unreadable],
    ['HTML with 502', says(502, 'text/html', html), 502, unreadable],
    ['JSON that is called HTML', says(200, 'text/html', '{}'), 200, unreadable],
    ['JSON that breaks off', says(200, 'application/json', '{"at":'), 0, unreadable],
    ['nothing with 200', says(200, 'application/json', ''), expect.any(Number), unreadable],
    ['nothing with 500', says(500, 'application/json', ''), 500, unreadable],
  ])('%s is told in one sentence', async (_what, given, status, detail) => {
    answer = given;
    expect(await problemOf()).toMatchObject({ status, detail });
    expect(useConnection().isOffline).toBe(false);
  });

  it('429 says when to come again', async () => {
    answer = problem(429, 'Too many.', { 'retry-after': '7' });
    expect((await problemOf()).retryAfter).toBe(7);
    answer = problem(429, 'Too many.', { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' });
    expect((await problemOf()).retryAfter).toBeUndefined();
  });
});

describe('no answer', () => {
  it.each([
    ['at all', (response: ServerResponse) => response.destroy()],
    [
      'to its end',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
        response.write('{"at":', () => response.destroy());
      },
    ],
  ])('%s is a lost connection, until the next answer', async (_what, given) => {
    answer = given;
    expect(await problemOf()).toMatchObject({ status: 0, title: 'No connection' });
    expect(useConnection().isOffline).toBe(true);

    answer = says(200, 'application/json', '{}');
    await readNow();
    expect(useConnection().isOffline).toBe(false);
  });

  it('in time is called late: it may have been done', async () => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(100));
    answer = () => undefined;
    expect(await problemOf()).toMatchObject({
      ...{ status: 0, title: 'No answer in time' },
      detail: expect.stringContaining('Check whether it was done'),
    });
  });
});
