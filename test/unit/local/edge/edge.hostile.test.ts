import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Edge } from '../../../../local/edge/edge.ts';
import { crossSiteScripting } from '../../../../local/edge/html/scripts.ts';
import { sqlInjection } from '../../../../local/edge/sql/injects.ts';
import { cpuGrowth } from '../../../support/cpu-growth.ts';
import { edgeBefore, raw, rememberingApi } from '../../../support/local/edge/upstream.ts';

let api: Awaited<ReturnType<typeof rememberingApi>>;
let edge: Edge;

beforeAll(async () => {
  api = await rememberingApi();
  edge = await edgeBefore(api.endpoint);
});
afterAll(async () => {
  await edge.stop();
  api.stop();
});

const get = (target: string): Promise<string> =>
  raw(edge.port, `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
const status = (answer: string): number => Number(/^HTTP\/1.1 (\d+)/.exec(answer)?.[1]);
const problem = (answer: string): unknown => JSON.parse(answer.split('\r\n\r\n')[1] ?? '');

describe('an address', () => {
  it.each([
    ['that climbs', '/live/../other/products'],
    ['that climbs out of the API', '/../../../_aws/execute-api/x'],
    ['that climbs in code', '/live/%2e%2e/products'],
    ['that climbs when it is decoded twice', '/live/%252e%252e%252fproducts'],
    ['that climbs when it is decoded three times', '/live/%25252e%25252e/products'],
    ['that climbs behind a semicolon', '/live/..;/products'],
    ['with a backslash', '/live\\..\\products'],
    ['with an encoded backslash', '/live/%5cproducts'],
    ['with a null byte', '/live/products/7%00.json'],
    ['with a null byte encoded twice', '/live/products/7%2500'],
    ['with a null byte in the query', '/live/products?q=a%00b'],
    ['with a line end', '/live/products%0d%0aX-Evil:%201'],
    ['with an overlong slash', '/live/%c0%afproducts'],
    ['with an overlong dot', '/live/%e0%80%ae%e0%80%ae/products'],
    ['with an overlong quote in the query', '/live/products?q=%c0%a7 or 1=1'.replaceAll(' ', '+')],
    ['with half a character', '/live/products/%e2%82'],
    ['with a lone percent sign', '/live/products/100%'],
    ['with a percent sign and letters', '/live/products/%zz'],
    ['of another server', 'http://evil.example/live/products'],
    ['without a server', '//evil.example/live/products'],
    ['that is an asterisk', '*'],
  ])('%s is refused, and the API hears nothing', async (_, target) => {
    const before = api.heard.length;
    const answer = await get(target);
    expect(status(answer)).toBe(400);
    expect(problem(answer)).toMatchObject({
      type: 'about:blank',
      title: 'Bad request',
      status: 400,
    });
    expect(api.heard).toHaveLength(before);
  });

  it.each([
    '/live/products/7',
    '/live/caf%C3%A9',
    '/live/a..b',
    '/live/100%25',
    '/live/products?q=50%25%20off',
    '/live/products?q=a+b&q=%2B',
    '/live/~x/.well-known',
  ])('like %s is served', async (target) => {
    expect(status(await get(target))).toBe(200);
  });

  it('is still judged by the rules when it is encoded twice', async () => {
    const attack = encodeURIComponent(encodeURIComponent("x' or 1=1 --"));
    expect(status(await get(`/live/products?q=${attack}`))).toBe(403);
    expect(status(await get(`/live/products/${attack}`))).toBe(403);
  });
});

describe('a request that two servers would read differently', () => {
  const smuggled = 'GET /live/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n';
  it.each([
    [
      'a length and chunks',
      `Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    [
      'chunks and a length',
      `Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    ['two lengths', `Content-Length: 0\r\nContent-Length: 44\r\n\r\n${smuggled}`],
    ['two lengths in one', `Content-Length: 0, 44\r\n\r\n${smuggled}`],
    ['a length with a sign', `Content-Length: +0\r\n\r\n${smuggled}`],
    ['a length in hexadecimal', `Content-Length: 0x0\r\n\r\n${smuggled}`],
    [
      'chunks that are not the last coding',
      `Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    ['an unknown coding', `Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`],
    [
      'a space before the colon',
      `Transfer-Encoding : chunked\r\nContent-Length: 0\r\n\r\n${smuggled}`,
    ],
    [
      'a header that goes on in the next line',
      `X-A: b\r\n Transfer-Encoding: chunked\r\nContent-Length: 0\r\nBad Name: 1\r\n\r\n`,
    ],
    [
      'a bare line feed',
      `X-A: b\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n`,
    ],
    ['a null byte in a header', `X-A: b\0c\r\n\r\n`],
    ['a broken size of a chunk', `Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n`],
  ])('%s: nothing of it reaches the API', async (_, rest) => {
    const before = api.heard.length;
    const answer = await raw(
      edge.port,
      `POST /live/products HTTP/1.1\r\nHost: localhost\r\n${rest}`,
      {
        waitMs: 15_000,
      },
    );
    expect(status(answer)).toBe(400);
    expect(problem(answer.slice(answer.lastIndexOf('HTTP/1.1')))).toMatchObject({ status: 400 });
    expect(api.heard.slice(before).map(({ url }) => url)).toEqual([]);
  });

  it.each([
    ['without a host', 'GET /live/status HTTP/1.1\r\n\r\n', 400],
    [
      'with words that are no method',
      'G\u0007T /live/status HTTP/1.1\r\nHost: localhost\r\n\r\n',
      400,
    ],
    ['that is no HTTP', '\x16\x03\x01\x02\x00\x01\x00', 400],
    [
      'with more headers than API Gateway takes',
      `GET /live/status HTTP/1.1\r\nHost: localhost\r\nX-A: ${'b'.repeat(11_000)}\r\n\r\n`,
      431,
    ],
  ])('or that is none, %s, is refused', async (_, bytes, wanted) => {
    expect(status(await raw(edge.port, bytes))).toBe(wanted);
  });
});

describe('a slow client', () => {
  let hasty: Edge;
  beforeAll(async () => {
    hasty = await edgeBefore(api.endpoint, { timeouts: { headersMs: 400, requestMs: 800 } });
  });
  afterAll(() => hasty.stop());

  it('is told so when its headers take too long', async () => {
    const answer = await raw(hasty.port, 'GET /live/status HTTP/1.1\r\nHost: localhost\r\nX-A:', {
      waitMs: 15_000,
    });
    expect(status(answer)).toBe(408);
    expect(problem(answer)).toMatchObject({ title: 'Too slow', status: 408 });
  });

  it('is told so when its body takes too long, byte by byte', async () => {
    const before = api.heard.length;
    const socket = connect(hasty.port, '127.0.0.1').on('error', () => undefined);
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.write('POST /live/products HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n');
    const closed = new Promise((done) => socket.once('close', done));
    // Not up to the end: a byte that meets the closed connection could make the system throw the
    // answer away.
    for (const end = performance.now() + 500; performance.now() < end; await sleep(50))
      socket.write('x');
    await closed;
    expect(status(answer)).toBe(408);
    expect(api.heard).toHaveLength(before);
  });

  it('does not keep others waiting', async () => {
    const slow = Array.from({ length: 100 }, () => connect(edge.port, '127.0.0.1'));
    await Promise.all(slow.map((socket) => once(socket, 'connect')));
    for (const socket of slow)
      socket.write('POST /live/products HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx');
    expect((await fetch(`${edge.url}/status`)).status).toBe(200);
    for (const socket of slow) socket.destroy();
  });
});

describe('a text that is made to cost time', () => {
  it.each([
    ['brackets', '('.repeat(32_000)],
    ['quotes', `${"'".repeat(16_000)}"`],
    ['words of conditions', `' or ${'not '.repeat(8000)}`],
    ['nested calls', `1 or fn${'(a'.repeat(10_000)}`],
    ['open comments', `1 ${'/*'.repeat(16_000)}`],
    ['selects', '(select '.repeat(4000)],
    ['cases', 'case when 1=1 '.repeat(2000)],
    ['open tags', '<a '.repeat(10_000)],
    ['tags in tags', '<a<'.repeat(10_000)],
    ['attributes', `<a ${'b="'.repeat(10_000)}`],
    ['equals signs', `<a ${'='.repeat(30_000)}`],
    ['braces', '{{'.repeat(16_000)],
    ['entities', '&#x3c;'.repeat(5000)],
    ['spaces', `<a${' '.repeat(30_000)}=`],
    ['signs', `' or ${'-+~!'.repeat(8000)}`],
  ])('(%s, 32 kB) costs no more for each letter than an eighth of it', (_, text) => {
    const judge = (length: number) => {
      sqlInjection(text.slice(0, length));
      crossSiteScripting(text.slice(0, length));
    };
    expect(cpuGrowth(judge, text.length, 8)).toBeLessThan(4);
  });
});
