import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalSiteServer, startSite } from '../../../local/site.ts';
import { placeOf } from '../../../operator/place.ts';

interface Heard {
  readonly server: 'engine' | 'edge';
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

const heard: Heard[] = [];
const listening = async (server: Heard['server']): Promise<{ server: Server; port: number }> => {
  const listener = createServer(({ method, url, headers }, response) => {
    heard.push({ server, method, url, headers });
    response.writeHead(200, { 'content-security-policy': "default-src 'none'" }).end(server);
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  return { server: listener, port: typeof address === 'object' ? (address?.port ?? 0) : 0 };
};

let engine: Awaited<ReturnType<typeof listening>>;
let edge: Awaited<ReturnType<typeof listening>>;
let pages: LocalSiteServer;
beforeAll(async () => {
  [engine, edge] = [await listening('engine'), await listening('edge')];
  const outputs = {
    CordonProtectedApp: {
      ...{ UserPoolId: 'us-east-1_Pool', UserPoolClientId: 'client' },
      PagesDomainName: 'd123.cloudfront.net',
    },
  };
  const config = { region: 'us-east-1' };
  const place = placeOf(
    {
      ...{ account: '000000000000', region: 'us-east-1', outputs },
      local: { endpoint: `http://127.0.0.1:${engine.port}`, port: engine.port, runDir: '/nowhere' },
      withKeys: () => config,
    },
    config,
    Date.now,
  );
  const site = {
    ...{ name: 'shop', stack: 'CordonProtectedApp' as const, hasEvidence: true as const },
    outputs: {
      domain: 'PagesDomainName',
      userPoolId: 'UserPoolId',
      userPoolClientId: 'UserPoolClientId',
    },
  };
  pages = await startSite(place, site, { port: 0, api: `http://127.0.0.1:${edge.port}/stage` });
});
afterAll(async () => {
  await pages?.stop();
  engine?.server.close();
  edge?.server.close();
});

const ask = async (
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number | undefined; text: string; headers: IncomingHttpHeaders }> => {
  heard.length = 0;
  const sent = request({
    ...{ host: '127.0.0.1', port: pages.port, path, method },
    headers: { host: `shop.localhost:${pages.port}`, ...headers },
  });
  sent.end();
  const [answer] = await once(sent, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return { status: answer.statusCode, text, headers: answer.headers };
};

it('asks the distribution for files, by its name, and hands nothing secret on', async () => {
  const secret = { authorization: 'Bearer x', cookie: 'a=b', 'x-forwarded-for': '10.0.0.1' };
  const answer = await ask('/products/7', { headers: secret });

  expect([answer.status, answer.text]).toEqual([200, 'engine']);
  expect(answer.headers['content-security-policy']).toBe("default-src 'none'");
  expect(heard).toMatchObject([{ url: '/products/7', headers: { host: 'd123.cloudfront.net' } }]);
  expect(heard[0]?.headers['x-forwarded-proto']).toBe('https');
  for (const name of Object.keys(secret)) expect(heard[0]?.headers).not.toHaveProperty(name);
});

it('hands calls of the API to its address, with their token', async () => {
  const { text } = await ask('/v1/products', { headers: { authorization: 'Bearer x' } });

  expect([text, heard[0]?.url]).toEqual(['edge', '/stage/products']);
  expect(heard[0]?.headers).toMatchObject({
    host: `127.0.0.1:${edge.port}`,
    authorization: 'Bearer x',
  });
});

it('hands the sign-in to Cognito, and no other service', async () => {
  const target = (name: string) => ({
    ...{ method: 'POST', headers: { 'x-amz-target': name } },
  });
  expect(
    (await ask('/cognito/', target('AWSCognitoIdentityProviderService.InitiateAuth'))).text,
  ).toBe('engine');
  expect(heard[0]?.url).toBe('/');
  for (const name of ['DynamoDB_20120810.Scan', 'AWSCognitoIdentityService.GetId', ''])
    expect((await ask('/cognito/', target(name))).status).toBe(405);
  expect(heard).toEqual([]);
});

const signature = `X-Amz-Signature=${'0a'.repeat(32)}`;

it('hands a signed link to evidence to the engine, under the name that it is signed for', async () => {
  const link = `/evidence-links/bucket/incidents/x.json?versionId=1&${signature}`;
  const { text } = await ask(link, { headers: { authorization: 'Bearer x' } });

  expect([text, heard[0]?.url]).toEqual(['engine', link.slice('/evidence-links'.length)]);
  expect(heard[0]?.headers.host).toBe(`127.0.0.1:${engine.port}`);
  expect(heard[0]?.headers).not.toHaveProperty('authorization');
});

it('reads nothing of the engine without a signature, or with another method', async () => {
  await ask('/evidence-links/bucket/x.json?versionId=1');
  expect(heard[0]?.headers.host).toBe('d123.cloudfront.net');
  for (const method of ['PUT', 'DELETE', 'POST'])
    expect((await ask(`/evidence-links/bucket/x.json?${signature}`, { method })).status).toBe(405);
});

it.each([
  ['POST', '/'],
  ['PUT', '/index.html'],
  ['DELETE', '/assets/x.js'],
  ['GET', '/cognito/'],
])('%s %s is a request that no page sends', async (method, path) => {
  expect((await ask(path, { method })).status).toBe(405);
  expect(heard).toEqual([]);
});

it.each([
  { host: 'evil.example' },
  { origin: 'https://evil.example' },
  { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' },
])('another site gets nothing: %j', async (headers) => {
  expect((await ask('/config.json', { headers })).status).toBe(403);
});

it('tells the pages where everything is, and no secret', async () => {
  const { text, headers } = await ask('/config.json');

  expect(JSON.parse(text)).toEqual({
    ...{ api: '/v1', cognito: '/cognito/', evidence: '/evidence-links/' },
    ...{ userPoolId: 'us-east-1_Pool', userPoolClientId: 'client' },
  });
  expect(headers['cache-control']).toBe('no-cache');
});
