import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliver, wantedTarget } from '../../../../responders/webhook/deliver.ts';

const key = 'k'.repeat(40);
const requests: { readonly request: IncomingMessage; readonly body: string }[] = [];
/** Answers with the status in its path. */
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.on('end', () => {
    requests.push({ request, body });
    const status = Number(request.url?.slice(1) ?? 200);
    response.writeHead(status, status === 307 ? { location: '/200' } : {}).end('thanks');
  });
});
let base = '';
beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

const send = (url: string, protocols = ['http:'], own: typeof fetch = fetch) => {
  const caller = { protocols, fetch: own, now: () => 1_000_500 };
  return deliver({ url, key }, { id: 'one', body: '{"a":1}' }, caller);
};

it('signs time and body, so that the receiver can verify both', async () => {
  await send(`${base}/204`);

  const { request, body } = requests.at(-1) ?? { request: { headers: {} }, body: '' };
  expect(body).toBe('{"a":1}');
  expect(request.headers).toMatchObject({
    'content-type': 'application/json',
    'x-cordon-id': 'one',
    'x-cordon-timestamp': '1000',
    'x-cordon-signature': `v1=${createHmac('sha256', key).update('1000.{"a":1}').digest('hex')}`,
  });
});

describe('fails, and says no word of the address', () => {
  it.each([
    [500, 'it answered 500'],
    [404, 'it answered 404'],
    [307, 'it answered 307'],
  ])('where the webhook answers %i', async (status, why) => {
    const before = requests.length;
    await expect(send(`${base}/${status}`)).rejects.toThrow(why);
    expect(requests).toHaveLength(before + 1);
  });

  it.each([
    ['is away', 'http://127.0.0.1:2/secret-path', 'it gave no answer (ECONNREFUSED)'],
    ['has no address', 'secret-path', 'its address is no URL'],
    ['is on another protocol', 'ftp://127.0.0.1/secret-path', 'its address does not begin with'],
  ])('where the webhook %s', async (_what, url, why) => {
    const failure = send(url);
    await expect(failure).rejects.toThrow(why);
    await expect(failure).rejects.not.toThrow('secret-path');
  });

  it('where the webhook is slower than Cordon waits for it', async () => {
    const signals: unknown[] = [];
    const slow: typeof fetch = async (_address, { signal } = {}) => {
      signals.push(signal);
      throw new DOMException(`${base}/secret-path took too long`, 'TimeoutError');
    };
    const failure = send(`${base}/secret-path`, ['http:'], slow);
    await expect(failure).rejects.toThrow('it gave no answer (TimeoutError)');
    await expect(failure).rejects.not.toThrow('secret-path');
    expect(signals).toEqual([expect.any(AbortSignal)]);
  });

  it('where it has no TLS, on AWS', async () => {
    await expect(send(`${base}/200`, ['https:'])).rejects.toThrow('https://');
  });
});

describe('the secret', () => {
  it.each([undefined, {}, { url: 1, key }, { url: 'https://a.example', key: 'short' }])(
    'is refused without a word of it: %j',
    (secret) => {
      expect(() => wantedTarget(secret)).toThrow(/its (secret|key)/);
      expect(() => wantedTarget(secret)).not.toThrow(/short"|kkkk/);
    },
  );

  it('is address and key', () => {
    const target = { url: 'https://hooks.example/x', key };
    expect(wantedTarget({ ...target, more: 1 })).toEqual(target);
  });
});
