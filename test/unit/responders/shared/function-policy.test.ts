import { describe, expect, it } from 'vitest';
import { broken } from '../../../../responders/report/open.ts';
import { routesOf } from '../../../../responders/report/routes.ts';
import fc from '../../../support/property.ts';
import { aCase, place } from '../../../support/responders/report/samples.ts';

const statement = (arn: string | string[], over: object = {}) => ({
  Effect: 'Allow',
  Principal: { Service: 'apigateway.amazonaws.com' },
  Action: 'lambda:InvokeFunction',
  Resource: '*',
  Condition: { ArnLike: { 'AWS:SourceArn': arn } },
  ...over,
});
const policy = (...statements: object[]) => ({
  answer: { Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }) },
});
const api = 'arn:aws:execute-api:us-east-1:111122223333:a1b2c3';

describe('the routes that end in a function', () => {
  it('are read from the policy that says who may call it, each once', () => {
    const incident = routesOf(
      policy(
        statement(`${api}/prod/PUT/products/*`),
        statement([`${api}/prod/POST/products`, `${api}/blue/POST/products`]),
        statement(`${api}/test-invoke-stage/POST/products`),
        statement(`${api}/prod/*/`),
      ),
    );
    expect(incident).toEqual(['POST /products', 'PUT /products/*', 'every method of /']);
  });

  it('are none where another service calls, where calls are denied, and where the policy says nothing readable', () => {
    const nothing = [
      policy(statement('arn:aws:events:us-east-1:111122223333:rule/hourly')),
      policy(statement(`${api}/prod/POST/products`, { Effect: 'Deny' })),
      { absent: 'ResourceNotFoundException' },
      { answer: { Policy: '{' } },
      undefined,
    ];
    expect(nothing.flatMap(routesOf)).toEqual([]);
  });

  it('never throw, whatever was stored', () => {
    fc.assert(
      fc.property(
        fc.anything(),
        (answer) => void routesOf({ answer: { Policy: JSON.stringify(answer) } }),
      ),
    );
  });

  it('are named in the report while the function is held', async () => {
    const documents = new Map<string, unknown>([
      ['function/resource-policy.json', policy(statement(`${api}/prod/POST/products`))],
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
});
