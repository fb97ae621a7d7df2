import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Edge } from '../../../../local/edge/edge.ts';
import { readRuleset } from '../../../../local/edge/ruleset.ts';
import { aclWith } from '../../../support/local/edge/acl.ts';
import {
  apiThat,
  edgeBefore,
  type Heard,
  raw,
  rememberingApi,
} from '../../../support/local/edge/upstream.ts';

let api: Awaited<ReturnType<typeof rememberingApi>>;
let edge: Edge;
const last = (): Heard | undefined => api.heard.at(-1);
const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });

beforeAll(async () => {
  api = await rememberingApi();
  // Its minute does not pass: a machine that needs one for 1,000 requests would never meet the
  // limit.
  edge = await edgeBefore(api.endpoint, { trustForwarded: true, now: () => 0 });
});
afterAll(async () => {
  await edge.stop();
  api.stop();
});

describe('what passes', () => {
  it('reaches the stage of the API, with or without the stage in the address', async () => {
    await fetch(`${edge.url}/products?limit=5`);
    expect(last()?.url).toBe('/restapis/abc123/live/_user_request_/products?limit=5');
    await fetch(`http://127.0.0.1:${edge.port}/products/7`);
    expect(last()?.url).toBe('/restapis/abc123/live/_user_request_/products/7');
    await fetch(`http://127.0.0.1:${edge.port}/lively`);
    expect(last()?.url).toBe('/restapis/abc123/live/_user_request_/lively');
  });

  it('keeps method, headers and body as they are, and so the answer', async () => {
    const body = JSON.stringify({ question: 'Is O’Brien <3 "select"?', customerIds: [] });
    const headers = {
      'content-type': 'application/json',
      authorization: 'Bearer abc',
      'idempotency-key': 'k1',
    };
    const answer = await fetch(`${edge.url}/ai/query`, { method: 'POST', headers, body });
    expect([answer.status, answer.headers.get('etag'), await answer.json()]).toEqual([
      200,
      '"7"',
      { status: 'ok' },
    ]);
    expect(last()).toMatchObject({ method: 'POST', body, headers });
  });

  it('says who the client is, whatever the client says', async () => {
    const stranger = await edgeBefore(api.endpoint);
    await fetch(`${stranger.url}/status`, {
      headers: {
        'x-forwarded-for': '8.8.8.8',
        'x-forwarded-host': 'evil.example',
        forwarded: 'for=8.8.8.8',
      },
    });
    await stranger.stop();
    expect(last()?.headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1' });
    expect(last()?.headers).not.toHaveProperty('x-forwarded-host');
    expect(last()?.headers).not.toHaveProperty('forwarded');
  });

  it('cannot be taken for a call of an AWS service', async () => {
    await fetch(`${edge.url}/status`, {
      headers: {
        'x-amz-target': 'DynamoDB_20120810.Scan',
        'x-amz-date': '20261121T000000Z',
        authorization: 'AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/dynamodb/aws4_request',
      },
    });
    expect(
      Object.keys(last()?.headers ?? {}).filter(
        (name) => name.startsWith('x-amz') || name === 'authorization',
      ),
    ).toEqual([]);
  });

  it('takes headers about one connection off', async () => {
    await raw(
      edge.port,
      'GET /status HTTP/1.1\r\nHost: localhost\r\nConnection: close, X-Secret\r\nX-Secret: 1\r\nTE: trailers\r\nProxy-Authorization: x\r\n\r\n',
    );
    expect(Object.keys(last()?.headers ?? {})).not.toEqual(expect.arrayContaining(['x-secret']));
    expect(last()?.headers).not.toHaveProperty('te');
    expect(last()?.headers).not.toHaveProperty('proxy-authorization');
  });
});

describe('what is refused by a rule', () => {
  it('is the 1,001st request of a minute from one address; another address is served', async () => {
    const ask = async (address: string): Promise<number> =>
      (await fetch(`${edge.url}/status`, from(address))).status;
    const before = api.heard.length;
    for (let batch = 0; batch < 10; batch += 1) {
      const statuses = await Promise.all(Array.from({ length: 100 }, () => ask('192.0.2.10')));
      expect(new Set(statuses)).toEqual(new Set([200]));
    }
    const refusal = await fetch(`${edge.url}/status`, from('192.0.2.10'));
    expect(refusal.status).toBe(403);
    expect(refusal.headers.get('retry-after')).toBe('60');
    expect(await refusal.json()).toMatchObject({
      title: 'Not allowed',
      status: 403,
      detail:
        'Your address sent more than 1000 requests in a minute. ' +
        'Send the request again after the seconds in Retry-After.',
    });
    expect(await ask('192.0.2.11')).toBe(200);
    expect(api.heard.length - before).toBe(1001);
  });

  it('is served again when the minute is over', async () => {
    let now = 0;
    const slow = await edgeBefore(api.endpoint, { now: () => now });
    const ask = async (): Promise<number> => (await fetch(`${slow.url}/status`)).status;
    for (let count = 0; count < 1000; count += 1) await ask();
    now = 59_999;
    expect(await ask()).toBe(403);
    now = 60_001;
    expect(await ask()).toBe(200);
    await slow.stop();
  });

  it('is a body of 2 MB, before the API hears of it; whoever sends it reads why', async () => {
    const before = api.heard.length;
    const sent = { method: 'POST', body: 'x'.repeat(2 * 1024 * 1024), ...from('192.0.2.20') };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => fetch(`${edge.url}/products`, sent)),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 413));
    expect(await answers[0]?.json()).toMatchObject({
      title: 'Request too large',
      detail: 'A body may have at most 32768 bytes.',
    });
    expect(api.heard).toHaveLength(before);
  });

  it('is a body in chunks that grows too long, as soon as it does', async () => {
    const before = api.heard.length;
    const chunk = `4001\r\n${'x'.repeat(0x4001)}\r\n`;
    const socket = connect(edge.port, '127.0.0.1');
    socket.write(
      `POST /live/products HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`,
    );
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1.1 413 /);
    expect(api.heard).toHaveLength(before);
    socket.destroy();
  });

  it('is read about by a client too that reads only when it has sent everything', async () => {
    const socket = connect(edge.port, '127.0.0.1').pause();
    const body = Buffer.alloc(9 * 1024 ** 2, 120);
    socket.write(
      `POST /live/products HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    await new Promise<void>((sent, failed) =>
      socket.once('error', failed).write(body, () => sent()),
    );
    const [answer] = await once(socket.resume(), 'data');
    expect(String(answer)).toMatch(/^HTTP\/1.1 413 /);
    socket.destroy();
  });

  it('is a sender who does not stop: read no further than a body may be at all', async () => {
    const socket = connect(edge.port, '127.0.0.1').on('error', () => undefined);
    socket.write(
      `POST /live/products HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${1024 ** 3}\r\n\r\n`,
    );
    const piece = Buffer.alloc(64 * 1024, 120);
    while (!socket.destroyed && socket.bytesWritten < 64 * 1024 ** 2)
      await new Promise((sent) => socket.write(piece, sent));
    expect(socket.bytesWritten).toBeLessThan(32 * 1024 ** 2);
    socket.destroy();
  });

  it('is no body of exactly the limit', async () => {
    const body = JSON.stringify({ description: 'x'.repeat(32 * 1024 - 18) });
    expect(Buffer.byteLength(body)).toBe(32 * 1024);
    expect((await fetch(`${edge.url}/products`, { method: 'POST', body })).status).toBe(200);
    expect((await fetch(`${edge.url}/products`, { method: 'POST', body: `${body} ` })).status).toBe(
      413,
    );
  });

  it('is told with the request id that the log will have, and counted by rule', async () => {
    const refusal = await fetch(`${edge.url}/products?q=${encodeURIComponent("' or 1=1 --")}`);
    expect([refusal.status, refusal.headers.get('x-amzn-requestid')?.length]).toEqual([403, 36]);
    expect(edge.tally().refused).toMatchObject({ RequestRate: 1, SqlInjection: 1 });
  });
});

describe('when the API is ill', () => {
  it('is a 502 where nobody listens', async () => {
    const lonely = await edgeBefore('http://127.0.0.1:9');
    const answer = await fetch(`${lonely.url}/products`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      502,
      'application/problem+json',
    ]);
    expect(await answer.json()).toMatchObject({
      type: 'about:blank',
      status: 502,
      detail: 'The API cannot be reached.',
    });
    await lonely.stop();
  });

  it('is a 504 where it takes too long', async () => {
    const silent = await apiThat(() => undefined);
    const waiting = await edgeBefore(silent.endpoint, { timeouts: { waitMs: 200 } });
    const answer = await fetch(`${waiting.url}/products`);
    expect([answer.status, await answer.json()]).toEqual([
      504,
      expect.objectContaining({ detail: 'There was no answer within 0.2 seconds.' }),
    ]);
    await waiting.stop();
    silent.stop();
  });

  it('ends the connection where an answer breaks off, so that nobody takes half of it for all', async () => {
    const broken = await apiThat((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setTimeout(() => response.destroy(), 20);
    });
    const before = await edgeBefore(broken.endpoint);
    await expect(fetch(`${before.url}/products`).then((answer) => answer.text())).rejects.toThrow();
    await before.stop();
    broken.stop();
  });

  it('asks again where a used connection was closed at that moment, but never for a change', async () => {
    let answers = 0;
    const moody = await apiThat((request, response) => {
      answers += 1;
      if (answers === 2) request.socket.destroy();
      else response.end('ok');
    });
    const before = await edgeBefore(moody.endpoint);
    expect(await (await fetch(`${before.url}/a`)).text()).toBe('ok');
    expect(await (await fetch(`${before.url}/b`)).text()).toBe('ok');
    answers = 1;
    expect((await fetch(`${before.url}/c`, { method: 'POST', body: '{}' })).status).toBe(502);
    await before.stop();
    moody.stop();
  });

  it('stops asking when the client has gone', async () => {
    let closed = false;
    const client = new AbortController();
    const silent = await apiThat((_, response) => {
      response.once('close', () => (closed = true));
      client.abort();
    });
    const before = await edgeBefore(silent.endpoint);
    await fetch(`${before.url}/products`, { signal: client.signal }).catch(() => undefined);
    for (let tries = 0; tries < 1_000 && !closed; tries += 1) await sleep(25);
    expect(closed).toBe(true);
    await before.stop();
    silent.stop();
  });
});

it('streams what the rules let pass, and stops where API Gateway would', async () => {
  const open = await edgeBefore(api.endpoint, { ruleset: readRuleset(aclWith([])) });
  const post = (megabytes: number): Promise<number> =>
    new Promise((resolve) => {
      const request = httpRequest(`${open.url}/products`, { method: 'POST' }, (answer) =>
        resolve(answer.resume().statusCode ?? 0),
      );
      request.on('error', () => resolve(0));
      request.end(Buffer.alloc(megabytes * 1024 * 1024, 97));
    });
  expect(await post(5)).toBe(200);
  expect(last()?.body.length).toBe(5 * 1024 * 1024);
  const before = api.heard.length;
  expect([413, 0]).toContain(await post(12));
  expect(api.heard).toHaveLength(before);
  await open.stop();
});

it('says what it judges, and what only AWS does', () => {
  expect(edge.judged).toEqual(['RequestRate', 'BodySize', 'SqlInjection', 'CrossSiteScripting']);
  expect(edge.notJudged.map(({ rule }) => rule)).toEqual([
    'AWSManagedRulesAmazonIpReputationList',
    'AWSManagedRulesKnownBadInputsRuleSet',
    'AWSManagedRulesCommonRuleSet',
    'AWSManagedRulesSQLiRuleSet',
  ]);
});
