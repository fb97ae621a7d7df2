// A page of another origin, in a real browser, gets nothing from a run and changes nothing.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { CreateBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientConfig } from '../../local/engine/clients.ts';
import { freePort } from '../../local/engine/port.ts';
import { signedGet } from '../../local/engine/signed-request.ts';
import { type Engine, startEngine } from '../../local/engine/start.ts';

const executablePath = '/usr/bin/chromium';
const root = `${import.meta.dirname}/../..`;

let browser: Browser;
let engine: Engine;
let site: Server;
let page: string;
beforeAll(async () => {
  if (!existsSync(executablePath))
    throw new Error(`${executablePath} is missing: apt-get install -y chromium`);
  engine = await startEngine({ root, port: await freePort(), env: process.env });
  await new S3Client(clientConfig(engine)).send(new CreateBucketCommand({ Bucket: 'kept' }));
  site = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hello</h1>');
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
  const address = site.address();
  page = `http://evil.example:${typeof address === 'object' ? address?.port : 0}/`;
  browser = await chromium.launch({
    executablePath,
    // The name leads to this machine, as the name of an attacker does after DNS rebinding.
    args: ['--no-sandbox', '--host-resolver-rules=MAP evil.example 127.0.0.1'],
    timeout: 120_000,
  });
});
afterAll(async () => {
  await browser?.close();
  site?.close();
  await engine?.stop();
});

/** What a script of the page gets: the status and the text, or that the browser refused. */
const fetchIn = async (from: string, url: string, init: object): Promise<string> => {
  const tab = await browser.newPage();
  try {
    await tab.goto(from);
    return await tab.evaluate(
      ([address, options]) =>
        fetch(address, options).then(
          async (answer) => `${answer.status} ${await answer.text()}`,
          () => 'refused by the browser',
        ),
      [url, init] as const,
    );
  } finally {
    await tab.close();
  }
};

const signed = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=test/20261129/us-east-1/s3/aws4_request, ' +
    'SignedHeaders=host, Signature=0',
};

describe('a page of another origin', () => {
  it.each([
    ['reads the health of the engine', '/_ministack/health', {}],
    ['configures the engine', '/_ministack/config', { method: 'POST', body: '{}' }],
    ['resets the engine', '/_ministack/reset', { method: 'POST' }],
    ['resets it without reading', '/_ministack/reset', { method: 'POST', mode: 'no-cors' }],
    ['calls with a public key', '/', { headers: signed }],
  ])('%s: in vain', async (_what, path, init) => {
    expect(await fetchIn(page, `${engine.endpoint}${path}`, init)).toMatch(
      /^(refused by the browser|0 )$/,
    );
  });

  it.each([
    ['reads the health of the engine', '/_ministack/health', {}],
    ['resets the engine', '/_ministack/reset', { method: 'POST' }],
    ['calls with a public key', '/', { headers: signed }],
  ])('under a name of its own for our port, %s: in vain', async (_what, path, init) => {
    const rebound = `http://evil.example:${engine.port}`;

    expect(await fetchIn(`${rebound}/`, `${rebound}${path}`, init)).toMatch(
      /^403 .*This address is not served here/,
    );
  });

  it('has changed nothing', async () => {
    const { Buckets = [] } = await new S3Client(clientConfig(engine)).send(
      new ListBucketsCommand({}),
    );
    const records = await (await signedGet(engine, '/_cordon/cloudtrail?since=0')).text();

    expect(Buckets.map(({ Name }) => Name)).toEqual(['kept']);
    expect(records).toContain('ListBuckets');
  });
});
