import { expect, it } from 'vitest';
import { broken } from '../../../../responders/report/open.ts';
import { aCase, place } from '../../../support/responders/report/samples.ts';

it('routes that end in a function are named in the report while the function is held', async () => {
  const Statement = [
    {
      Effect: 'Allow',
      Principal: { Service: 'apigateway.amazonaws.com' },
      Condition: {
        ArnLike: { 'AWS:SourceArn': 'arn:aws:execute-api:us-east-1:1:a1b2c3/prod/POST/products' },
      },
    },
  ];
  const documents = new Map<string, unknown>([
    ['function/resource-policy.json', { answer: { Policy: JSON.stringify({ Statement }) } }],
  ]);
  const input = {
    incident: await aCase(),
    version: 1,
    place,
    timeline: { ok: false, why: '' },
    documents,
    previous: null,
    now: 0,
  } as const;
  expect(broken(input, [], (value) => String(value))).toContain(
    'Routes that fail until it is released: POST /products.',
  );
});
