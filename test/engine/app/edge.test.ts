// The edge before the application as `cordon up` puts it there: the web ACL of the deployed
// template, the real gateway, real functions.
import { CloudWatchLogsClient, DescribeLogStreamsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetWebACLForResourceCommand, WAFV2Client } from '@aws-sdk/client-wafv2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callApi } from '../../../local/app/call.ts';
import { type Edge, startEdge } from '../../../local/edge/edge.ts';
import { readRuleset } from '../../../local/edge/ruleset.ts';
import { clientConfig } from '../../../local/engine/clients.ts';
import { readJson } from '../../../local/engine/parse.ts';
import { deployedApp, type OwnApp } from './deployed.ts';

let app: OwnApp;
let edge: Edge;
const template = (): unknown => readJson(`${app.assembly}/CordonProtectedApp.template.json`);
const address = (): RegExpExecArray | null =>
  /^https:\/\/(\w+)\.[^/]+\/(\w+)/.exec(app.output('ApiUrl'));

beforeAll(async () => {
  app = await deployedApp();
  const [, apiId = '', stage = ''] = address() ?? [];
  const ruleset = readRuleset(template());
  const noon = Date.now(); // the edge's minute lasts as long as this machine needs for its requests
  edge = await startEdge({
    port: 0,
    endpoint: app.endpoint,
    ruleset,
    apiId,
    stage,
    trustForwarded: true,
    now: () => noon,
  });
});
afterAll(async () => {
  await edge.stop();
  await app.engine.stop();
});

const call = (
  method: string,
  path: string,
  { body, from = '192.0.2.1' }: { body?: string; from?: string } = {},
) =>
  callApi(edge.url, {
    method,
    path,
    token: app.tokens.standard,
    body,
    headers: { 'X-Forwarded-For': from },
  });

const product = {
  sku: 'LAMP-1',
  name: "O'Brien lamp",
  description: 'Select "S" or \'M\'; I <3 it',
  category: 'Light',
  price: { amount: 1, currency: 'EUR' },
  stock: 1,
};

/** Log streams of a function: there is none until it has run. */
const runs = async (name: string): Promise<number> => {
  const logs = new CloudWatchLogsClient(clientConfig(app));
  const found = await logs
    .send(
      new DescribeLogStreamsCommand({
        logGroupName: `/aws/lambda/${app.output(`${name}FunctionName`)}`,
      }),
    )
    .catch(() => ({ logStreams: [] }));
  return found.logStreams?.length ?? 0;
};

it('has the same web ACL before the stage that AWS would have', async () => {
  const [, apiId = '', stage = ''] = address() ?? [];
  const { WebACL } = await new WAFV2Client(clientConfig(app)).send(
    new GetWebACLForResourceCommand({
      ResourceArn: `arn:aws:apigateway:us-east-1::/restapis/${apiId}/stages/${stage}`,
    }),
  );
  expect(WebACL?.Rules?.map(({ Name }) => Name)).toEqual([
    ...edge.judged,
    ...edge.notJudged.map(({ rule }) => rule),
  ]);
});

it('refuses a body of 2 MB and an attack before any function runs', async () => {
  const before = await runs('ProductService');
  expect((await call('POST', '/products', { body: 'x'.repeat(2 * 1024 * 1024) })).status).toBe(413);
  expect(
    (
      await call('POST', '/products', {
        body: JSON.stringify({ ...product, name: "x' or 1=1 --" }),
      })
    ).status,
  ).toBe(403);
  expect(
    (
      await call('POST', '/products', {
        body: JSON.stringify({ ...product, name: '<script>alert(1)</script>' }),
      })
    ).status,
  ).toBe(403);
  expect([before, await runs('ProductService')]).toEqual([0, 0]);
});

it('lets an honest product pass, quotes and all, and the function runs', async () => {
  const made = await call('POST', '/products', { body: JSON.stringify(product) });
  expect(made.status).toBe(201);
  expect(JSON.parse(made.body)).toMatchObject({
    name: product.name,
    description: product.description,
  });
  expect(await runs('ProductService')).toBeGreaterThan(0);
});

it('finds it again by its name, and serves what needs no sign-in', async () => {
  const found = await call('GET', `/products?q=${encodeURIComponent("o'brien")}`);
  expect([found.status, JSON.parse(found.body).items?.length]).toEqual([200, 1]);
  expect((await call('GET', '/status')).status).toBe(200);
});

it('leaves to the gateway what is the gateway’s: 401 without a token', async () => {
  expect((await callApi(edge.url, { method: 'GET', path: '/products', token: null })).status).toBe(
    401,
  );
});

it('refuses the 1,001st request of a minute from one address, and serves another', async () => {
  const ask = async () => (await call('GET', '/nowhere', { from: '192.0.2.50' })).status;
  for (let batch = 0; batch < 50; batch += 1) {
    const statuses = await Promise.all(Array.from({ length: 20 }, ask));
    expect(statuses.filter((status) => status === 502 || status === 504)).toEqual([]);
  }
  expect((await call('GET', '/status', { from: '192.0.2.50' })).status).toBe(403);
  expect((await call('GET', '/status', { from: '192.0.2.51' })).status).toBe(200);
});
