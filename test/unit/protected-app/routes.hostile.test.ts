import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { ask } from '../../../protected-app/api/ask.ts';
import { changeProduct } from '../../../protected-app/api/product-change.ts';
import { createProduct } from '../../../protected-app/api/product-create.ts';
import { startSync } from '../../../protected-app/api/salesforce-sync.ts';
import { openapi } from '../../../protected-app/openapi.ts';
import { examples } from '../../../protected-app/openapi-examples.ts';
import { routes } from '../../../protected-app/routes.ts';
import fc from '../../support/property.ts';
import { administrator, gateway } from '../../support/protected-app/gateway.ts';
import { hostileBody } from '../../support/protected-app/hostile.ts';

const sent: string[] = [];
/** AWS, where nothing may arrive. */
const nowhere = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
  requestHandler: {
    handle: async ({
      headers,
    }: {
      readonly headers: Readonly<Record<string, string>>;
    }): Promise<never> => {
      sent.push(headers['x-amz-target'] ?? 'something');
      throw new Error('a hostile body arrived at AWS');
    },
  },
};
const client = new DynamoDBClient(nowhere);
const sqs = new SQSClient(nowhere);
const table = { client, name: 'table' };
const common = {
  now: Date.now,
  newId: randomUUID,
  queueUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/queue',
};

const { call } = gateway({
  'POST /products': createProduct({ ...common, products: table, idempotency: table }),
  'PUT /products/{id}': changeProduct({ ...common, products: table }),
  'POST /ai/query': ask({
    ...common,
    dynamo: client,
    sqs,
    table: 'table',
    budgets: 'table',
    limits: { own: 1_000, common: 10_000 },
    maxOutputTokens: 100,
    countSpent: () => undefined,
  }),
  'POST /salesforce/sync': startSync({ ...common, runs: table, sqs }),
});

const withBody = routes
  .filter(({ body }) => body !== undefined)
  .map(({ method, path }) => `${method} ${path}`);
const good: Readonly<Record<string, string>> = {
  'POST /products': 'ProductInput',
  'PUT /products/{id}': 'ProductInput',
  'POST /ai/query': 'Question',
  'POST /salesforce/sync': 'SyncRequest',
};

const ajv = new Ajv2020({ strict: false, formats: { uuid: true, 'date-time': true } });
ajv.addSchema({ $id: 'document', components: { schemas: openapi().components.schemas } });

/** What the published contract says of a body: the judge that shares no code with the API. */
const refuses = (judge: ValidateFunction, raw: string): boolean => {
  try {
    return !judge(JSON.parse(raw));
  } catch {
    return true;
  }
};

it('knows a good body of every route that takes one', () => {
  expect(Object.keys(good).sort()).toEqual(withBody.toSorted());
});

it.each(withBody)(
  '%s: 1,000 hostile bodies, each a 400 that says why, and nothing is written',
  async (route) => {
    const name = String(good[route]);
    const judge = ajv.compile({ $ref: `document#/components/schemas/${name}` });
    sent.length = 0;
    await fc.assert(
      fc.asyncProperty(hostileBody(examples[name]), async (raw) => {
        fc.pre(refuses(judge, raw));
        const answer = await call(route, {
          as: administrator,
          id: randomUUID(),
          headers: { 'If-Match': '"1"' },
          raw,
        });
        expect(answer.status).toBe(400);
        expect(answer.headers).toMatchObject({
          'Content-Type': 'application/problem+json',
          'X-Content-Type-Options': 'nosniff',
        });
        expect(answer.body).toMatchObject({
          type: 'about:blank',
          title: 'Bad request',
          status: 400,
          requestId: 'request-1',
        });
        expect(answer.text.length).toBeLessThan(20_000);
        expect(sent).toEqual([]);
      }),
      { numRuns: 1_000, maxSkipsPerRun: 20 },
    );
  },
);

it('a wrong field is named, with what was wanted', async () => {
  const body = {
    ...Object(examples.ProductInput),
    price: { amount: 1.5, currency: 'euro' },
    extra: 1,
  };
  const { body: problem } = await call('POST /products', { body });
  expect(problem).toMatchObject({
    detail: 'The body is invalid; "errors" names each field and what is wanted.',
    errors: [
      { pointer: '/price/amount', detail: 'Invalid input: expected int, received number' },
      { pointer: '/price/currency', detail: 'an ISO 4217 code' },
      { pointer: '', detail: 'Unrecognized key: "extra"' },
    ],
  });
});

it('half of a character, which UTF-8 cannot hold, is a 400 wherever a text may stand', async () => {
  sent.length = 0;
  for (const [route, raw] of [
    ['POST /ai/query', '{"question":"Who is \\ud83d?"}'],
    ['POST /products', JSON.stringify(examples.ProductInput).replace('Single', '\\ud83d')],
  ] as const)
    expect([route, (await call(route, { raw })).status]).toEqual([route, 400]);
  expect(sent).toEqual([]);
});

it('a good body of nobody is a 401', async () => {
  for (const route of withBody)
    expect(
      (await call(route, { as: null, id: randomUUID(), body: examples[String(good[route])] }))
        .status,
    ).toBe(401);
});
