import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callApi } from '../../../../local/app/call.ts';

const server = createServer((request, response) => {
  if (request.url !== '/breaks') return void request.pipe(response);
  response.writeHead(200, { 'content-length': '100' }).write('half');
  setTimeout(() => response.destroy(), 20);
});
let base: string;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
});
afterAll(() => void server.close());

const call = { method: 'POST', path: '/echo', token: null };

it('sends what it is given, and an answer is an answer', async () => {
  expect(await callApi(base, { ...call, body: '{"a":1}' })).toMatchObject({
    status: 200,
    body: '{"a":1}',
  });
});

it.each([
  ['a body where none may be', { method: 'GET', body: 'x' }],
  ['no method', { method: 'NO METHOD' }],
  ['a header with a line end', { headers: { 'x-a': 'b\nc' } }],
])('%s is wrong usage, and not an API that does not answer', async (_name, wrong) => {
  await expect(callApi(base, { ...call, ...wrong })).rejects.toMatchObject({
    code: 2,
    message: expect.stringMatching(/^the request cannot be sent: ./),
  });
});

it('where nobody listens, or the answer breaks off, it says why and where to look', async () => {
  const sorry = (why: string) =>
    new RegExp(
      `^nothing answers at http://127\\.0\\.0\\.1:\\d+/? \\(.*${why}.*\\): look with "cordon doctor"`,
    );

  await expect(callApi('http://127.0.0.1:9', call)).rejects.toThrow(sorry('.'));
  await expect(callApi(base, { ...call, path: '/breaks' })).rejects.toThrow(sorry('closed'));
});
